using System.Buffers;
using System.Text;
using Bottle.Contracts.Denials;
using Bottle.Contracts.Routes;

namespace Bottle.Egress.Connect;

/// <summary>The strict reading of a CONNECT request head: one spelling of line ends, versions and headers, no body.</summary>
internal static class ConnectHead
{
    /// <summary>The largest head, in bytes.</summary>
    public const int MaxLength = 16 * 1024;

    /// <summary>What tells a CONNECT from all other requests.</summary>
    public static ReadOnlySpan<byte> Magic => "CONNECT "u8;

    /// <summary>Whether the buffer begins like a CONNECT, as far as it goes.</summary>
    public static bool MayBegin(ReadOnlySequence<byte> buffer)
    {
        var length = (int)Math.Min(buffer.Length, Magic.Length);
        Span<byte> start = stackalloc byte[length];
        buffer.Slice(0, length).CopyTo(start);
        return start.SequenceEqual(Magic[..length]);
    }

    /// <summary>The position after the head; null while it is incomplete.</summary>
    public static SequencePosition? FindEnd(ReadOnlySequence<byte> buffer)
    {
        var reader = new SequenceReader<byte>(buffer);
        return reader.TryReadTo(out ReadOnlySequence<byte> _, "\r\n\r\n"u8) ? reader.Position : null;
    }

    /// <summary>Reads a complete head; null with the target, or the refusal and its reason.</summary>
    public static (DenialCode Code, string Reason)? TryParse(ReadOnlySequence<byte> head, out Authority target)
    {
        target = default;
        if (head.Length > MaxLength)
        {
            return (DenialCodes.HeadTooLarge, $"the CONNECT head is larger than {MaxLength} bytes");
        }
        var lines = Encoding.Latin1.GetString(head.Slice(0, head.Length - 4)).Split("\r\n");
        var first = lines[0].Split(' ');
        if (first.Length != 3 || first[2] is not ("HTTP/1.1" or "HTTP/1.0"))
        {
            return (DenialCodes.Malformed, "the CONNECT line is not 'CONNECT host:port HTTP/1.1'");
        }
        if (!Authority.TryParse(first[1], 0, out target, out var problem))
        {
            return (DenialCodes.Malformed, problem);
        }
        return FindHeaderProblem(lines.AsSpan(1), target);
    }

    private static (DenialCode, string)? FindHeaderProblem(ReadOnlySpan<string> lines, Authority target)
    {
        var hosts = 0;
        foreach (var line in lines)
        {
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            if (colon <= 0 || line.AsSpan().ContainsAny('\r', '\n', '\0') || line[0] is ' ' or '\t' || line[colon - 1] is ' ' or '\t')
            {
                return (DenialCodes.Malformed, "a header of the CONNECT is malformed");
            }
            var name = line.AsSpan(0, colon);
            var value = line.AsSpan(colon + 1).Trim();
            if (name.Equals("transfer-encoding", StringComparison.OrdinalIgnoreCase)
                || (name.Equals("content-length", StringComparison.OrdinalIgnoreCase) && value is not "0"))
            {
                return (DenialCodes.Malformed, "a CONNECT has no body");
            }
            if (name.Equals("host", StringComparison.OrdinalIgnoreCase))
            {
                if (++hosts > 1)
                {
                    return (DenialCodes.Malformed, "the CONNECT has two Host headers");
                }
                // Some clients leave the port out of Host; the name must agree.
                if (!Authority.TryParse(value, target.Port, out var host, out var problem))
                {
                    return (DenialCodes.Malformed, problem);
                }
                if (host != target)
                {
                    return (DenialCodes.AuthorityMismatch, $"Host {host} is not the CONNECT target {target}");
                }
            }
        }
        return null;
    }
}
