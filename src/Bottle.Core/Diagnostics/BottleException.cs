namespace Bottle.Core.Diagnostics;

/// <summary>Ends a phase with everything that it found wrong.</summary>
public sealed class BottleException : Exception
{
    /// <summary>Ends a phase with several problems.</summary>
    public BottleException(IReadOnlyList<Diagnostic> diagnostics, Exception? cause = null)
        : base(string.Join('\n', diagnostics.Select(d => $"{d.Code}: {d.Message}")), cause) => Diagnostics = diagnostics;

    /// <summary>Ends a phase with one problem.</summary>
    public BottleException(Diagnostic diagnostic, Exception? cause = null) : this([diagnostic], cause) { }

    /// <summary>The problems, in the order in which they were found.</summary>
    public IReadOnlyList<Diagnostic> Diagnostics { get; }

    /// <summary>The exit code of the first error.</summary>
    public int ExitCode => (Diagnostics.FirstOrDefault(d => d.Severity == Severity.Error) ?? Diagnostics[0]).ExitCode;
}
