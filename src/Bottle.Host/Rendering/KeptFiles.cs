using Bottle.Core.Diagnostics;
using Bottle.Core.Diagnostics.Catalogue;
using Bottle.Core.Rendering;

namespace Bottle.Host.Rendering;

/// <summary>Rendered files of one agent that a repository keeps, in a folder of their own.</summary>
/// <param name="folder">Full path, <c>…/&lt;agent&gt;</c>.</param>
public sealed class KeptFiles(string folder)
{
    // Nothing that Bottle renders comes near.
    private const int LargestFile = 4 * 1024 * 1024;

    /// <summary>Writes what is not there or differs; a file that is right is not touched. The full paths of all.</summary>
    public IReadOnlyList<string> Write(IReadOnlyList<RenderedFile> files)
    {
        foreach (var file in files.Where(file => Read(PathOf(file)) != file.Text))
        {
            Directory.CreateDirectory(Path.GetDirectoryName(PathOf(file))!);
            File.WriteAllText(PathOf(file), file.Text);
        }

        return [.. files.Select(PathOf)];
    }

    /// <summary>What is missing, differs, or is not rendered any more; each with its file and the first line that differs.</summary>
    public IReadOnlyList<Diagnostic> Compare(IReadOnlyList<RenderedFile> files)
    {
        var wanted = files.Select(PathOf).ToHashSet(StringComparer.Ordinal);
        var extra = Directory.Exists(folder) ? Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Where(path => !wanted.Contains(path)).Order(StringComparer.Ordinal) : Enumerable.Empty<string>();
        return [.. files.Select(Compare).OfType<Diagnostic>(), .. extra.Select(RenderedFileErrors.NotRendered)];
    }

    private Diagnostic? Compare(RenderedFile file)
    {
        var path = PathOf(file);
        if (Read(path) is not { } kept)
            return RenderedFileErrors.Missing(path);
        if (kept == file.Text)
            return null;
        var (has, wants) = (kept.Split('\n'), file.Text.Split('\n'));
        var line = has.Zip(wants).TakeWhile(pair => pair.First == pair.Second).Count();
        return RenderedFileErrors.Differs(new SourceSpan(path, line + 1, 1), has.ElementAtOrDefault(line), wants.ElementAtOrDefault(line));
    }

    private string PathOf(RenderedFile file) => Path.Combine(folder, file.Path);

    private static string? Read(string path) => File.Exists(path) ? System.Text.Encoding.UTF8.GetString(Manifests.BoundedFile.Read(path, LargestFile)) : null;
}
