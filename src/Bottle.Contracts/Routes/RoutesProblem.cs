namespace Bottle.Contracts.Routes;

/// <summary>One thing wrong in routes.yaml: one-based line and column, and a sentence.</summary>
public sealed record RoutesProblem(int Line, int Column, string Message)
{
    /// <summary><c>line:column: message</c>.</summary>
    public override string ToString() => $"{Line}:{Column}: {Message}";
}

/// <summary>A table, or everything that is wrong with it.</summary>
public sealed record RoutesReadResult(RoutesFile? File, IReadOnlyList<RoutesProblem> Problems);
