using Bottle.Core.Diagnostics;
using Bottle.Core.Diagnostics.Catalogue;

namespace Bottle.Core.Manifests.Reading;

/// <summary>One file while it is read: its name for people, its kind, and what was found wrong so far.</summary>
internal sealed class ManifestSource(string file, string kind)
{
    /// <summary>A hostile file cannot fill the terminal; what is beyond is counted.</summary>
    public const int MaxDiagnostics = 100;

    private readonly List<Diagnostic> _diagnostics = [];
    private int _left;

    public string File { get; } = file;

    public string Name { get; } = ManifestName.OfFile(file);

    /// <summary><c>bottle 'dev'</c>, as messages name it.</summary>
    public string Subject => $"{kind} '{InertText.Excerpt(Name)}'";

    public void Report(Diagnostic diagnostic)
    {
        if (_diagnostics.Count < MaxDiagnostics)
            _diagnostics.Add(diagnostic);
        else
            _left++;
    }

    public SourceSpan At(int line, int column, int length = 1) => new(File, line, column, length);

    /// <summary>The manifest, unless an error was reported.</summary>
    public ManifestResult<T> Result<T>(T? manifest) where T : class
    {
        var ordered = _diagnostics.OrderBy(d => d.Where?.Line ?? 0).ThenBy(d => d.Where?.Column ?? 0).ToList();
        if (_left > 0)
            ordered.Add(ManifestErrors.TooManyProblems(At(1, 1), _left));
        return new ManifestResult<T>(ordered.Exists(d => d.Severity == Severity.Error) ? null : manifest, ordered);
    }
}
