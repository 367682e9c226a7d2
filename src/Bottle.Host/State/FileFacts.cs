namespace Bottle.Host.State;

/// <summary>What a file is, without following links.</summary>
/// <param name="UserId">Its owner.</param>
/// <param name="Mode">Type and permission bits, as <c>stat</c> gives them.</param>
/// <param name="Inode">Its number in its file system.</param>
/// <param name="Size">Bytes.</param>
/// <param name="ChangedAt">When content, mode, owner or name changed last, in nanoseconds: the kernel's own clock, which no user can set.</param>
/// <param name="DiskBytes">What it takes of the disk.</param>
internal readonly record struct FileFacts(int UserId, int Mode, ulong Inode, long Size, long ChangedAt = 0, long DiskBytes = 0)
{
    private const int TypeMask = 0xF000;

    /// <summary>A folder, not a link to one.</summary>
    public bool IsDirectory => (Mode & TypeMask) == 0x4000;

    /// <summary>A regular file.</summary>
    public bool IsRegular => (Mode & TypeMask) == 0x8000;

    /// <summary>A link.</summary>
    public bool IsLink => (Mode & TypeMask) == 0xA000;

    /// <summary>Whether its owner may execute it.</summary>
    public bool IsExecutable => (Mode & 0x40) != 0;

    /// <summary>Whether it runs as its owner or group.</summary>
    public bool IsSetId => (Mode & 0xC00) != 0;

    /// <summary>Whether its group or others have any right.</summary>
    public bool IsOpenToOthers => (Mode & 0x3F) != 0;
}
