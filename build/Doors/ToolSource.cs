using System.IO.Compression;
using System.Security.Cryptography;
using Bottle.Host.State;

namespace Bottle.Build.Doors;

/// <summary>
/// What the tool's package carries of Bottle's repository: the shipped manifests and the sources of the images, in one archive, because a package keeps no file modes and an installed tool's folder may not be written.
/// Unpacked once per content to <c>&lt;home&gt;/tool/&lt;hash&gt;</c>.
/// </summary>
public static class ToolSource
{
    private const string Half = ".half";

    /// <summary>The folder with the unpacked files; made when it is not there.</summary>
    public static string Unpack(string archive, BottleHome home)
    {
        using var stream = File.OpenRead(archive);
        var all = Path.Combine(home.Root, "tool");
        var folder = Path.Combine(all, Convert.ToHexStringLower(SHA256.HashData(stream))[..12]);
        if (Directory.Exists(folder))
            return folder;
        Directory.CreateDirectory(home.Root, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var others = Directory.Exists(all) ? Directory.GetDirectories(all).Where(other => !other.EndsWith(Half, StringComparison.Ordinal)).ToList() : [];
        var half = Path.Combine(all, $"{Guid.NewGuid():N}{Half}");
        Directory.CreateDirectory(half);
        ZipFile.ExtractToDirectory(archive, half);
        try
        {
            // The name appears only when the folder is whole.
            Directory.Move(half, folder);
        }
        catch (IOException) when (Directory.Exists(folder))
        {
            // Another process was first.
            Directory.Delete(half, recursive: true);
        }

        // What former versions published is large; what they need is unpacked again.
        foreach (var other in others)
            Directory.Delete(other, recursive: true);
        return folder;
    }
}
