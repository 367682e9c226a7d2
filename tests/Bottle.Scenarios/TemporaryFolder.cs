namespace Bottle.Scenarios;

/// <summary>A folder that is gone afterwards.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    internal string Path { get; } = Directory.CreateTempSubdirectory("bottle-folder-").FullName;

    /// <summary>Every file's text by its relative path.</summary>
    internal IReadOnlyDictionary<string, string> Contents() =>
        Directory.EnumerateFiles(Path, "*", SearchOption.AllDirectories).ToDictionary(file => System.IO.Path.GetRelativePath(Path, file), File.ReadAllText);

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
