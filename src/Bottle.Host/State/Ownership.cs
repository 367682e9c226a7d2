using Bottle.Core.Planning;
using Microsoft.Win32.SafeHandles;

namespace Bottle.Host.State;

/// <summary>Gives files to the user that containers run as. Only root can and has to: any other operator is that user himself, and a rootless engine's root is the operator (SPEC D13).</summary>
internal static class Ownership
{
    /// <summary>Gives a folder; a link is not followed.</summary>
    public static void Give(string folder, RunAs? owner)
    {
        if (owner is not null && NativeFile.UserId == 0)
            NativeFile.ChangeOwner(folder, owner.Uid, owner.Gid);
    }

    /// <summary>Gives an open file.</summary>
    public static void Give(SafeFileHandle file, RunAs? owner)
    {
        if (owner is not null && NativeFile.UserId == 0)
            NativeFile.ChangeOwner(file, owner.Uid, owner.Gid);
    }
}
