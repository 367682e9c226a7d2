using Bottle.Core.Diagnostics;
using Bottle.Core.Diagnostics.Catalogue;

namespace Bottle.Host.Images;

/// <summary>The digests of third-party images, each as it was at first pull: lines of <c>REFERENCE sha256:DIGEST</c>.</summary>
internal sealed class ImagesLock(string file)
{
    /// <summary>Records the digest of a reference that is not recorded yet; refuses another one than is recorded.</summary>
    public void Check(string reference, string digest)
    {
        var lines = File.Exists(file) ? File.ReadAllLines(file) : [];
        for (var i = 0; i < lines.Length; i++)
        {
            if (lines[i].Split(' ') is not [var name, var recorded] || !recorded.StartsWith("sha256:", StringComparison.Ordinal))
                throw new BottleException(SetupErrors.ImagesLockUnreadable(file, i + 1));
            if (name != reference)
                continue;
            if (recorded != digest)
                throw new BottleException(SetupErrors.PipelockChanged(reference, recorded, digest, file));
            return;
        }
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        var next = $"{file}.{Environment.ProcessId}";
        File.WriteAllLines(next, [.. lines, $"{reference} {digest}"]);
        File.Move(next, file, overwrite: true);
    }
}
