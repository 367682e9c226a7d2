using System.Buffers;
using System.IO.Pipelines;
using System.Text;

namespace Bottle.PipelockStandIn.Proxying;

/// <summary>Reads the head of a CONNECT request below HTTP: ASP.NET Core has no CONNECT of its own.</summary>
internal static class ConnectHead
{
    private const int Longest = 16 * 1024;

    private static ReadOnlySpan<byte> Start => "CONNECT "u8;

    /// <summary>The authority of a CONNECT, with what follows the head left in the pipe; null with nothing consumed when it is another method or the client has gone.</summary>
    public static async Task<string?> ReadAsync(PipeReader input, CancellationToken stop)
    {
        while (true)
        {
            var read = await input.ReadAsync(stop);
            var buffer = read.Buffer;
            if (!MayBeConnect(buffer) || buffer.Length > Longest || (read.IsCompleted && buffer.IsEmpty))
            {
                input.AdvanceTo(buffer.Start, buffer.Start);
                return null;
            }
            if (TryHead(buffer, out var end, out var authority))
            {
                input.AdvanceTo(end);
                return authority;
            }
            input.AdvanceTo(buffer.Start, buffer.End);
            if (read.IsCompleted)
                return null;
        }
    }

    private static bool MayBeConnect(ReadOnlySequence<byte> buffer)
    {
        var length = (int)Math.Min(buffer.Length, Start.Length);
        Span<byte> first = stackalloc byte[length];
        buffer.Slice(0, length).CopyTo(first);
        return first.SequenceEqual(Start[..length]);
    }

    private static bool TryHead(ReadOnlySequence<byte> buffer, out SequencePosition end, out string authority)
    {
        var reader = new SequenceReader<byte>(buffer);
        var whole = reader.TryReadTo(out ReadOnlySequence<byte> head, "\r\n\r\n"u8);
        end = reader.Position;
        authority = whole ? Encoding.Latin1.GetString(head).Split("\r\n")[0].Split(' ')[1] : "";
        return whole;
    }
}
