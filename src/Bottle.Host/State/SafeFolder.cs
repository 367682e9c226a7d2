using Bottle.Core.Diagnostics;
using Bottle.Core.Diagnostics.Catalogue;
using Bottle.Core.Planning;

namespace Bottle.Host.State;

/// <summary>Folders of mode 0700 that are what they seem.</summary>
internal static class SafeFolder
{
    /// <summary>Read, write and enter for the owner alone.</summary>
    public const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    /// <summary>Makes a folder and those above it, 0700.</summary>
    public static void Create(string path) => Directory.CreateDirectory(path, Private);

    /// <summary>Makes the folders from <paramref name="root"/> down to <paramref name="relative"/>, 0700 and given to the owner; a link among them is BTL3103.</summary>
    public static string CreateBelow(string root, string relative, RunAs? owner)
    {
        var path = root;
        foreach (var part in relative.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            path = Path.Combine(path, part);
            if (NativeFile.Look(path) is { } facts)
            {
                if (!facts.IsDirectory)
                    throw new BottleException(StateErrors.NotAFolder(path));
                continue;
            }
            Directory.CreateDirectory(path, Private);
            File.SetUnixFileMode(path, Private);
            Ownership.Give(path, owner);
        }
        return path;
    }

    /// <summary>Makes one folder in a place that others can write to; what is there already must be a folder of this user, closed to others (BTL3105).</summary>
    public static void CreateOwn(string path)
    {
        Directory.CreateDirectory(path, Private);
        var facts = NativeFile.Look(path);
        if (facts is not { IsDirectory: true } || facts.Value.UserId != NativeFile.UserId || facts.Value.IsOpenToOthers)
            throw new BottleException(StateErrors.HostileFolder(path));
    }
}
