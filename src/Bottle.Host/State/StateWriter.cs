using System.Text;
using Bottle.Core.Planning;
using Bottle.Core.Rendering;

namespace Bottle.Host.State;

/// <summary>Writes files into a run's folder. What lies in a subfolder belongs to the user that containers run as; what lies beside the Compose file stays the operator's.</summary>
public sealed class StateWriter(string root, RunAs? owner)
{
    /// <summary>Makes a folder, 0700.</summary>
    public void CreateDirectory(string relative) => SafeFolder.CreateBelow(root, Relative(relative), owner);

    /// <summary>Writes a file that is no secret, 0644 in its 0700 folder.</summary>
    public void Write(string relative, string text) => Write(relative, Encoding.UTF8.GetBytes(text), AtomicFile.Plain);

    /// <summary>Writes bytes that are no secret, 0644 in its 0700 folder.</summary>
    public void Write(string relative, byte[] content) => Write(relative, content, AtomicFile.Plain);

    /// <summary>Writes a secret, 0600 from its first moment.</summary>
    public void WriteSecret(string relative, string text) => Write(relative, Encoding.UTF8.GetBytes(text), AtomicFile.Secret);

    /// <summary>Writes rendered files; disk errors are BTL3106 and leave the old files whole.</summary>
    public void Write(IEnumerable<RenderedFile> files)
    {
        foreach (var file in files)
            Write(file.Path, file.Text);
    }

    private void Write(string relative, byte[] content, UnixFileMode mode)
    {
        var folder = Path.GetDirectoryName(Relative(relative))!;
        SafeFolder.CreateBelow(root, folder, owner);
        AtomicFile.Write(Path.Combine(root, relative), stream => stream.Write(content), mode, folder.Length == 0 ? null : owner, outlivesPowerLoss: false);
    }

    private static string Relative(string path) =>
        path.Length > 0 && !Path.IsPathRooted(path) && path.Split('/').All(part => part is not ("" or "." or ".."))
            ? path
            : throw new ArgumentException($"'{path}' is no path below the state folder", nameof(path));
}
