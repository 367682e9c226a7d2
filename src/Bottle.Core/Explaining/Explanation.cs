using Bottle.Core.Diagnostics;

namespace Bottle.Core.Explaining;

/// <summary>What becomes of one request in a bottle, layer by layer, from inside out (SPEC N1).</summary>
public sealed record Explanation
{
    /// <summary>The method.</summary>
    public required string Method { get; init; }

    /// <summary>The URL as it is judged and forwarded.</summary>
    public required string Url { get; init; }

    /// <summary>Whether egress lets it through.</summary>
    public required bool IsAllowed { get; init; }

    /// <summary>The refusal's code; null when allowed.</summary>
    public string? Code { get; init; }

    /// <summary>The layers that the request meets, in their order.</summary>
    public required IReadOnlyList<ExplainedLayer> Layers { get; init; }

    /// <summary>What to do where it is denied; null when allowed.</summary>
    public Advice? Advice { get; init; }
}

/// <summary>One layer's answer.</summary>
/// <param name="Layer"><c>egress</c>, <c>budget</c>, <c>credential</c>, <c>provider</c>, <c>pipelock</c>, <c>upstream</c>, <c>git-gate</c>.</param>
/// <param name="Answer">What it does, a sentence without its subject: <c>allows it: …</c>.</param>
/// <param name="Where">The manifest line behind that, or null.</param>
public sealed record ExplainedLayer(string Layer, string Answer, SourceSpan? Where = null);

/// <summary>What a person could write, or why nothing can be written.</summary>
/// <param name="Text">One sentence.</param>
/// <param name="Route">The narrowest entry of <c>egress.routes</c> that would let the request through, as YAML lines; null when no route can.</param>
/// <param name="AlsoAllows">What that route would let through beside.</param>
public sealed record Advice(string Text, string? Route, IReadOnlyList<string> AlsoAllows);
