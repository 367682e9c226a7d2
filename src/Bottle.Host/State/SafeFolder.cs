using Bottle.Core.Diagnostics;
using Bottle.Core.Diagnostics.Catalogue;
using Bottle.Core.Planning;

namespace Bottle.Host.State;

/// <summary>Folders of mode 0700 that are what they seem.</summary>
internal static class SafeFolder
{
    /// <summary>Read, write and enter for the owner alone.</summary>
    public const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    /// <summary>Makes a folder and those above it, each 0700; disk errors are BTL3106.</summary>
    public static void Create(string path)
    {
        try
        {
            // One by one: the framework gives the mode to the last one alone.
            var missing = new Stack<string>();
            for (var folder = path; folder is not null && !Directory.Exists(folder); folder = Path.GetDirectoryName(folder))
                missing.Push(folder);
            foreach (var folder in missing)
                Directory.CreateDirectory(folder, Private);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new BottleException(StateErrors.CannotWrite(path, e.Message), e);
        }
    }

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
            Create(path);
            File.SetUnixFileMode(path, Private);
            Ownership.Give(path, owner);
        }
        return path;
    }

    /// <summary>Makes one folder in a place that others can write to; what is there already must be a folder of this user, closed to others (BTL3105).</summary>
    public static void CreateOwn(string path)
    {
        Create(path);
        if (!IsOwn(path))
            throw new BottleException(StateErrors.HostileFolder(path));
    }

    /// <summary>Whether a path is a folder of this user, not a link, closed to others.</summary>
    public static bool IsOwn(string path) =>
        NativeFile.Look(path) is { IsDirectory: true, IsOpenToOthers: false } facts && facts.UserId == NativeFile.UserId;
}
