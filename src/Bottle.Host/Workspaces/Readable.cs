using Bottle.Host.State;

namespace Bottle.Host.Workspaces;

/// <summary>Opens what an agent has closed to its own user, who is the operator's: so that a file of mode 0000 comes home, and a folder of that mode does not look empty.</summary>
internal static class Readable
{
    /// <summary>Gives the owner the right to read, and to enter a folder. For places where nobody writes meanwhile: the change follows links.</summary>
    public static void Make(string path, FileFacts facts)
    {
        var wanted = facts.IsDirectory ? SafeFolder.Private : UnixFileMode.UserRead;
        var mode = (UnixFileMode)(facts.Mode & 0xFFF);
        if (NativeFile.UserId != 0 && (mode & wanted) != wanted)
            File.SetUnixFileMode(path, mode | wanted);
    }
}
