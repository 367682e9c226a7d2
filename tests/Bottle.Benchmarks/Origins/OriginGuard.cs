using System.Text;
using Bottle.Benchmarks.Wire;

namespace Bottle.Benchmarks.Origins;

/// <summary>Judges what arrived at the origin against the benchmark's policy: anything else that comes through a proxy is a find.</summary>
internal sealed class OriginGuard(string authority, Action<string> report)
{
    private readonly byte[] _authority = Encoding.ASCII.GetBytes(authority);

    /// <summary>The request target, as it stands in the request line.</summary>
    internal static ReadOnlySpan<byte> Target(ReadOnlySpan<byte> head)
    {
        var afterMethod = head[(head.IndexOf((byte)' ') + 1)..];
        return afterMethod[..Math.Max(0, afterMethod.IndexOf((byte)' '))];
    }

    /// <summary>Reports a request that the policy does not allow.</summary>
    internal void Check(ReadOnlySpan<byte> head)
    {
        if (Fault(head) is { } fault)
            report($"violation: {fault}: {Encoding.Latin1.GetString(head[..Math.Min(head.Length, 400)]).ReplaceLineEndings("\\n")}");
    }

    private string? Fault(ReadOnlySpan<byte> head)
    {
        var target = Target(head);
        if (!head.StartsWith("GET "u8) && !head.StartsWith("POST "u8))
            return "method";
        if (!target.StartsWith("/v1/"u8))
            return "path";
        if (Decoded(target) is { } text && (text.Contains("/../", StringComparison.Ordinal) || text.Contains("/..;", StringComparison.Ordinal)
            || text.EndsWith("/..", StringComparison.Ordinal) || IsPush(text) || Decoded(PathOf(target))?.Contains('\\', StringComparison.Ordinal) == true))
            return "spelling";
        if (!HeadText.Value(head, "\r\nhost:"u8).SequenceEqual(_authority))
            return "host";
        if (!HeadText.Value(head, "\r\nx-api-key:"u8).IsEmpty || !HeadText.Value(head, "\r\ncookie:"u8).IsEmpty || !HeadText.Value(head, "\r\nproxy-authorization:"u8).IsEmpty)
            return "credential of the client";
        return null;
    }

    // A backslash is a slash to some servers in a path, and nothing to others in a name; in any other query it is a value like every other.
    private static bool IsPush(string text) => text.Replace("\\", "", StringComparison.Ordinal).Contains("git-receive-pack", StringComparison.OrdinalIgnoreCase);

    private static ReadOnlySpan<byte> PathOf(ReadOnlySpan<byte> target) => target.IndexOf((byte)'?') is var query and >= 0 ? target[..query] : target;

    private static string? Decoded(ReadOnlySpan<byte> target)
    {
        if (target.IndexOfAny((byte)'%', (byte)'.', (byte)'\\') < 0 && target.IndexOf("receive"u8) < 0)
            return null;
        // Twice, as a sloppy server would.
        return Uri.UnescapeDataString(Uri.UnescapeDataString(Encoding.Latin1.GetString(target)));
    }
}
