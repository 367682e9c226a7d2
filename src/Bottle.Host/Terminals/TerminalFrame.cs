using System.Buffers.Binary;

namespace Bottle.Host.Terminals;

/// <summary>What a <see cref="TerminalFrame"/> carries.</summary>
public enum FrameKind : byte
{
    /// <summary>To the keeper: bytes that a person typed.</summary>
    Input = 1,
    /// <summary>To the keeper: rows and columns, two big-endian numbers of 16 bits.</summary>
    Size = 2,
    /// <summary>From the keeper: bytes for the terminal.</summary>
    Output = 3,
    /// <summary>From the keeper: the agent ended; its exit code, a big-endian number of 32 bits. The connection stays until all is torn down.</summary>
    Exit = 4,
    /// <summary>From the keeper: the run is being stopped; no exit code is known.</summary>
    Stopped = 5,
}

/// <summary>One message between a terminal keeper and who is attached to it: a byte of kind, four of length (big-endian), the content.</summary>
public readonly record struct TerminalFrame(FrameKind Kind, ReadOnlyMemory<byte> Content)
{
    private const int HeaderSize = 5;
    private const int Largest = 1024 * 1024;

    /// <summary>A frame that says how large a terminal is.</summary>
    public static TerminalFrame Of(TerminalSize size)
    {
        var content = new byte[4];
        BinaryPrimitives.WriteUInt16BigEndian(content, size.Rows);
        BinaryPrimitives.WriteUInt16BigEndian(content.AsSpan(2), size.Columns);
        return new TerminalFrame(FrameKind.Size, content);
    }

    /// <summary>A frame that says how the agent ended.</summary>
    public static TerminalFrame OfExit(int code)
    {
        var content = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(content, code);
        return new TerminalFrame(FrameKind.Exit, content);
    }

    /// <summary>The size that a frame of <see cref="FrameKind.Size"/> carries; null when it is malformed or nothing fits in it.</summary>
    public TerminalSize? ReadSize() =>
        Content.Length == 4 && new TerminalSize(BinaryPrimitives.ReadUInt16BigEndian(Content.Span), BinaryPrimitives.ReadUInt16BigEndian(Content.Span[2..])) is { Rows: > 0, Columns: > 0 } size ? size : null;

    /// <summary>The exit code that a frame of <see cref="FrameKind.Exit"/> carries; null when it is malformed.</summary>
    public int? ReadExit() => Content.Length == 4 ? BinaryPrimitives.ReadInt32BigEndian(Content.Span) : null;

    /// <summary>Writes the frame.</summary>
    public async ValueTask WriteAsync(Stream stream, CancellationToken cancellationToken = default)
    {
        var bytes = new byte[HeaderSize + Content.Length];
        bytes[0] = (byte)Kind;
        BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(1), Content.Length);
        Content.CopyTo(bytes.AsMemory(HeaderSize));
        await stream.WriteAsync(bytes, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Reads the next frame; null at the end, also in the middle of a frame, and where a frame is too long.</summary>
    public static async ValueTask<TerminalFrame?> ReadAsync(Stream stream, CancellationToken cancellationToken = default)
    {
        var header = new byte[HeaderSize];
        if (await stream.ReadAtLeastAsync(header, HeaderSize, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false) < HeaderSize)
            return null;
        var length = BinaryPrimitives.ReadInt32BigEndian(header.AsSpan(1));
        if (length is < 0 or > Largest)
            return null;
        var content = new byte[length];
        return await stream.ReadAtLeastAsync(content, length, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false) < length
            ? null : new TerminalFrame((FrameKind)header[0], content);
    }
}
