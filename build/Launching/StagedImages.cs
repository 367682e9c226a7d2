using System.Text;
using Bottle.Host.Manifests;

namespace Bottle.Build.Launching;

/// <summary>A private copy (0700) of an agent's image folder as trust has seen it, laid out as a root of manifests; gone with the run.</summary>
internal sealed class StagedImages : IDisposable
{
    private const UnixFileMode Plain = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead;
    private const UnixFileMode Executable = Plain | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    /// <summary>The root; it holds <c>images/&lt;agent&gt;/</c>.</summary>
    internal string Path { get; } = Directory.CreateTempSubdirectory("bottle-images-").FullName;

    internal void Write(IEnumerable<TreeEntry> entries, string agent)
    {
        foreach (var entry in entries)
        {
            var file = System.IO.Path.Combine(Path, "images", agent, entry.Path);
            Directory.CreateDirectory(System.IO.Path.GetDirectoryName(file)!);
            if (entry.IsLink)
            {
                File.CreateSymbolicLink(file, Encoding.UTF8.GetString(entry.Content.Span));
                continue;
            }
            File.WriteAllBytes(file, entry.Content.ToArray());
            File.SetUnixFileMode(file, entry.IsExecutable ? Executable : Plain);
        }
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
