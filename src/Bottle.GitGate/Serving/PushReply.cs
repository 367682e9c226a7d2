using System.Globalization;
using System.Text;
using Bottle.Contracts.Git;

namespace Bottle.GitGate.Serving;

/// <summary>
/// What receive-pack says on its way to the client: packet lines, those of band 2 are words for people (gitprotocol-pack). A push that is larger than <c>receive.maxInputSize</c> ends before any hook runs, with git's own words;
/// they are put into the gate's, with code and limit. Everything else passes as it is.
/// </summary>
internal sealed class PushReply(long limit)
{
    private const byte Progress = 2;
    private const int Prefix = 4;
    private byte[] _pending = [];
    private bool _isRaw;

    /// <summary>The refusal that was put in, or null.</summary>
    public GateRefusal? Refusal { get; private set; }

    /// <summary>Takes what receive-pack said and returns what can be passed on: whole lines.</summary>
    public ReadOnlyMemory<byte> Pass(ReadOnlyMemory<byte> said)
    {
        if (_isRaw)
        {
            return said;
        }
        byte[] bytes = [.. _pending, .. said.Span];
        using var passed = new MemoryStream();
        var at = 0;
        while (bytes.Length - at >= Prefix)
        {
            if (!int.TryParse(Encoding.ASCII.GetString(bytes, at, Prefix), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var length))
            {
                // No packet lines: nothing here is understood, and nothing is held back.
                _isRaw = true;
                passed.Write(bytes.AsSpan(at));
                return passed.ToArray();
            }
            length = Math.Max(length, Prefix);
            if (bytes.Length - at < length)
            {
                break;
            }
            passed.Write(Translate(bytes.AsSpan(at, length)));
            at += length;
        }
        _pending = bytes[at..];
        return passed.ToArray();
    }

    /// <summary>What is left when receive-pack has ended in the middle of a line.</summary>
    public ReadOnlyMemory<byte> Rest() => _isRaw ? default : _pending;

    private ReadOnlySpan<byte> Translate(ReadOnlySpan<byte> line)
    {
        if (Refusal is not null || line.Length <= Prefix || line[Prefix] != Progress || line.IndexOf("pack exceeds maximum allowed size"u8) < 0)
        {
            return line;
        }
        Refusal = GateRefusals.PushTooLarge(limit);
        return PktLine.Encode($"\u0002bottle: {Refusal.Code}: {Refusal.Message}\n  fix: {Refusal.Fix}\n");
    }
}
