using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Bottle.Core.Planning;

/// <summary>An IPv4 network in CIDR form; the address has no host bits.</summary>
public sealed record Ipv4Network
{
    private readonly uint _address;

    private Ipv4Network(uint address, int prefix)
    {
        _address = address;
        Prefix = prefix;
    }

    /// <summary>Bits of the network part, 0 to 32.</summary>
    public int Prefix { get; }

    private uint Mask => MaskOf(Prefix);

    /// <summary>Reads <c>a.b.c.d/n</c>; host bits are cut off, since routes are written with them at times.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out Ipv4Network? network)
    {
        network = null;
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        if (slash < 0
            || !int.TryParse(text.AsSpan(slash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var prefix) || prefix > 32
            || !IPAddress.TryParse(text.AsSpan(0, slash), out var address) || address.AddressFamily != AddressFamily.InterNetwork
            || text.AsSpan(0, slash).Count('.') != 3)
            return false;
        network = new Ipv4Network(ToNumber(address) & MaskOf(prefix), prefix);
        return true;
    }

    /// <summary>How many networks of a longer prefix fit in.</summary>
    public long Count(int prefix) => prefix < Prefix ? 0 : 1L << (prefix - Prefix);

    /// <summary>The n-th network of a longer prefix inside this one, from 0.</summary>
    public Ipv4Network Subnet(int prefix, long index) => new(_address + (uint)(index << (32 - prefix)), prefix);

    /// <summary>The n-th address as text: 0 is the network itself.</summary>
    public string Address(int index) => ToText(_address + (uint)index);

    /// <summary>Whether an address in text form lies inside.</summary>
    public bool Contains(string address) => IPAddress.TryParse(address, out var parsed) && (ToNumber(parsed) & Mask) == _address;

    /// <summary>Whether both share an address.</summary>
    public bool Overlaps(Ipv4Network other)
    {
        var mask = Prefix < other.Prefix ? Mask : other.Mask;
        return (_address & mask) == (other._address & mask);
    }

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{ToText(_address)}/{Prefix}");

    private static uint MaskOf(int prefix) => prefix == 0 ? 0 : uint.MaxValue << (32 - prefix);

    private static uint ToNumber(IPAddress address)
    {
        Span<byte> bytes = stackalloc byte[16];
        return address.TryWriteBytes(bytes, out var written) && written == 4 ? System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(bytes) : 0;
    }

    private static string ToText(uint number) =>
        string.Create(CultureInfo.InvariantCulture, $"{number >> 24}.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}");
}
