using Bottle.Core.Diagnostics;
using Bottle.Core.Diagnostics.Catalogue;

namespace Bottle.Core.Manifests.Reading;

/// <summary>The YAML part of a manifest, line ends made LF, and what follows it. Line 1 of <see cref="Yaml"/> is line <see cref="FirstLine"/> of the file.</summary>
internal sealed record FrontMatter(string Yaml, int FirstLine, string Body)
{
    /// <summary>The longest manifest, in characters (and on disk in bytes): 256 KiB.</summary>
    public const int MaxLength = 256 * 1024;

    private const string Fence = "---";

    /// <summary>Cuts a Markdown file; null when something was reported. <paramref name="keys"/> are the top-level keys, by which a second front matter is known.</summary>
    public static FrontMatter? OfMarkdown(ManifestSource source, string text, IReadOnlyCollection<string> keys)
    {
        if (LinesOf(source, text) is not { } lines)
            return null;
        if (lines[0].TrimEnd() != Fence)
        {
            source.Report(ManifestErrors.NoFrontMatter(source.At(1, 1, Math.Max(1, lines[0].Length)), source.Subject, isEmpty: lines.All(string.IsNullOrWhiteSpace)));
            return null;
        }

        var close = Array.FindIndex(lines, 1, line => line.TrimEnd() == Fence);
        if (close < 0)
        {
            source.Report(ManifestErrors.UnterminatedFrontMatter(source.At(1, 1, Fence.Length), source.Subject));
            return null;
        }

        ReportSecondFrontMatter(source, lines, close, keys);
        return Checked(source, lines[1..close], 2, string.Join('\n', lines[(close + 1)..]));
    }

    /// <summary>Takes a whole YAML file, as providers are; null when something was reported.</summary>
    public static FrontMatter? OfYaml(ManifestSource source, string text) => LinesOf(source, text) is { } lines ? Checked(source, lines, 1, "") : null;

    private static string[]? LinesOf(ManifestSource source, string text)
    {
        if (text.Length <= MaxLength)
            return text.TrimStart('\ufeff').Replace("\r\n", "\n", StringComparison.Ordinal).Split('\n');
        source.Report(ManifestErrors.TooLarge(source.At(1, 1), source.Subject, MaxLength));
        return null;
    }

    // A stray '---' ends the front matter: what stands below would be silently without effect.
    private static void ReportSecondFrontMatter(ManifestSource source, string[] lines, int close, IReadOnlyCollection<string> keys)
    {
        var first = Array.FindIndex(lines, close + 1, line => line.Trim().Length > 0);
        if (first < 0 || !keys.Any(key => lines[first].StartsWith(key + ":", StringComparison.Ordinal)))
            return;
        if (Array.FindIndex(lines, first + 1, line => line.TrimEnd() == Fence) > 0)
            source.Report(ManifestErrors.SeveralDocuments(source.At(close + 1, 1, Fence.Length), source.Subject));
    }

    private static FrontMatter? Checked(ManifestSource source, string[] lines, int firstLine, string body)
    {
        var isReadable = true;
        for (var index = 0; index < lines.Length; index++)
            isReadable &= IsReadable(source, lines[index], firstLine + index);
        return isReadable ? new FrontMatter(string.Join('\n', lines) + "\n", firstLine, body) : null;
    }

    private static bool IsReadable(ManifestSource source, string line, int number)
    {
        var indent = line.AsSpan().IndexOfAnyExcept(' ');
        if (indent >= 0 && line[indent] == '\t')
        {
            source.Report(ManifestErrors.Tab(source.At(number, indent + 1)));
            return false;
        }

        // Also the line breaks that only YAML 1.1 knows (U+0085, U+2028): they would make line numbers differ from every editor's.
        for (var column = 0; column < line.Length; column++)
        {
            if (line[column] == '\t' || InertText.IsHarmless(line[column]))
                continue;
            if (column + 1 < line.Length && char.IsSurrogatePair(line[column], line[column + 1]) && InertText.Line(line.Substring(column, 2))[0] == line[column])
            {
                column++;
                continue;
            }

            source.Report(ManifestErrors.UnreadableCharacter(source.At(number, column + 1), line[column]));
            return false;
        }

        return true;
    }
}
