namespace Bottle.Host.State;

/// <summary>What a file is, without following links.</summary>
/// <param name="UserId">Its owner.</param>
/// <param name="Mode">Type and permission bits, as <c>stat</c> gives them.</param>
/// <param name="Inode">Its number in its file system.</param>
/// <param name="Size">Bytes.</param>
/// <param name="Disk">Bytes that it takes on disk, also those that were only reserved.</param>
internal readonly record struct FileFacts(int UserId, int Mode, ulong Inode, long Size, long Disk)
{
    private const int TypeMask = 0xF000;

    /// <summary>A folder, not a link to one.</summary>
    public bool IsDirectory => (Mode & TypeMask) == 0x4000;

    /// <summary>A regular file.</summary>
    public bool IsRegular => (Mode & TypeMask) == 0x8000;

    /// <summary>Whether its group or others have any right.</summary>
    public bool IsOpenToOthers => (Mode & 0x3F) != 0;
}
