using System.Buffers.Binary;

namespace Bottle.Egress.Forwarding;

/// <summary>Follows the frames that an upstream sends through a WebSocket (RFC 6455, 5.2), however they are cut into pieces. It judges nothing: whatever the bytes are, they are followed to the end of what they announce.</summary>
internal sealed class WebSocketFrames
{
    private const int LongestHead = 14;
    private const int LengthBits = 0x7F;
    private const int MaskBit = 0x80;
    private const int Has16Bits = 126;
    private const int Has64Bits = 127;

    private readonly byte[] _head = new byte[LongestHead];
    private int _come;
    private ulong _left;

    /// <summary>Whether the last frame is whole and none has begun after it.</summary>
    public bool IsBetween => _come == 0 && _left == 0;

    /// <summary>Goes over the next bytes.</summary>
    public void Follow(ReadOnlySpan<byte> data)
    {
        while (data.Length > 0)
        {
            if (_left > 0)
            {
                var passed = (int)Math.Min(_left, (ulong)data.Length);
                _left -= (ulong)passed;
                data = data[passed..];
                continue;
            }
            _head[_come++] = data[0];
            data = data[1..];
            if (_come == HeadLength)
            {
                _left = (_head[1] & LengthBits) switch
                {
                    Has16Bits => BinaryPrimitives.ReadUInt16BigEndian(_head.AsSpan(2)),
                    Has64Bits => BinaryPrimitives.ReadUInt64BigEndian(_head.AsSpan(2)),
                    var length => (ulong)length,
                };
                _come = 0;
            }
        }
    }

    /// <summary>As its second byte says.</summary>
    private int HeadLength => (_head[1] & LengthBits) switch { Has16Bits => 4, Has64Bits => 10, _ => 2 } + ((_head[1] & MaskBit) == 0 ? 0 : 4);
}
