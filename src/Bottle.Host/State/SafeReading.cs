namespace Bottle.Host.State;

/// <summary>Reading of what a container wrote (SPEC B9): no links, regular files only, at most so many bytes.</summary>
public static class SafeReading
{
    /// <summary>
    /// The first <paramref name="limit"/> bytes of a file, and whether there were more; null when it is not there.
    /// A link, folder, pipe or device is an <see cref="IOException"/> that names it. A file that grows meanwhile is read up to the size that it had.
    /// </summary>
    public static (byte[] Content, bool Truncated)? Read(string path, long limit)
    {
        if (NativeFile.Look(path) is not { } before)
            return null;
        if (!before.IsRegular)
            throw new IOException($"{path} is not a regular file");
        using var file = NativeFile.OpenWithoutFollowing(path);
        // It may have been exchanged since the look: what counts is what was opened.
        var facts = NativeFile.Look(file);
        if (!facts.IsRegular)
            throw new IOException($"{path} is not a regular file");
        var content = new byte[Math.Min(facts.Size, limit)];
        var read = 0;
        while (read < content.Length && RandomAccess.Read(file, content.AsSpan(read), read) is > 0 and var count)
            read += count;
        return (content[..read], facts.Size > limit);
    }
}
