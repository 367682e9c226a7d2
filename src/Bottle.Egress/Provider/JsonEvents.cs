namespace Bottle.Egress.Provider;

/// <summary>
/// Reads an event stream (text/event-stream) as it passes by and shows the data of each event to a JSON reader. It keeps nothing: a line may be endless. An event whose data is no JSON is passed over; the next one
/// is read from its beginning.
/// </summary>
internal sealed class JsonEvents(JsonPushReader reader)
{
    private const int NoData = -1;

    private int _matched;
    private bool _isBlank = true;
    private bool _isBroken;
    private bool _sawReturn;

    private static ReadOnlySpan<byte> Data => "data:"u8;

    /// <summary>Reads on.</summary>
    public void Feed(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            if (_sawReturn && bytes[0] == '\n')
            {
                bytes = bytes[1..];
            }
            _sawReturn = false;
            var end = bytes.IndexOfAny((byte)'\r', (byte)'\n');
            ReadPart(end < 0 ? bytes : bytes[..end]);
            if (end < 0)
            {
                return;
            }
            EndLine();
            _sawReturn = bytes[end] == '\r';
            bytes = bytes[(end + 1)..];
        }
    }

    private void ReadPart(ReadOnlySpan<byte> part)
    {
        _isBlank &= part.IsEmpty;
        while (!part.IsEmpty && _matched >= 0 && _matched < Data.Length)
        {
            _matched = part[0] == Data[_matched] ? _matched + 1 : NoData;
            part = part[1..];
        }
        if (_matched == Data.Length)
        {
            Show(part);
        }
    }

    private void EndLine()
    {
        if (_isBlank)
        {
            reader.Reset();
            _isBroken = false;
        }
        else if (_matched == Data.Length)
        {
            // The data of an event may stand on several lines, with a line feed between.
            Show("\n"u8);
        }
        (_matched, _isBlank) = (0, true);
    }

    private void Show(ReadOnlySpan<byte> data) => _isBroken = _isBroken || reader.Feed(data) is not null;
}
