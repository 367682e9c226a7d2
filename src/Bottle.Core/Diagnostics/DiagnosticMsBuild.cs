namespace Bottle.Core.Diagnostics;

/// <summary>A diagnostic in the form that MSBuild, editors and CI systems link: <c>file(line,column): error BTLnnnn: message</c>, always one line.</summary>
public static class DiagnosticMsBuild
{
    /// <summary>Renders one; a diagnostic without a place is said by <c>bottle</c>.</summary>
    public static string Render(Diagnostic diagnostic)
    {
        var origin = diagnostic.Where is { } where ? $"{where.File}({where.Line},{where.Column})" : "bottle";
        // MSBuild has no word for a note.
        var word = diagnostic.Severity == Severity.Error ? "error" : diagnostic.Severity == Severity.Warning ? "warning" : "message";
        return InertText.Line($"{origin}: {word} {diagnostic.Code}: {Message(diagnostic)}");
    }

    /// <summary>What stands behind the code: message, second place and fix, one line.</summary>
    public static string Message(Diagnostic diagnostic)
    {
        var fix = diagnostic.Fix is { } text ? $" (fix: {text.Replace('\n', ' ')})" : "";
        var related = diagnostic.Related is { } also ? $" ({also.Where}: {also.Message})" : "";
        return InertText.Line($"{diagnostic.Message}{related}{fix}");
    }
}
