using System.Text;
using System.Text.Json.Nodes;

namespace Bottle.Egress.Tests.Harness;

/// <summary>Standard output of the egress under test.</summary>
internal sealed class CapturedLog : MemoryStream
{
    private readonly Lock _lock = new();
    private readonly StringBuilder _text = new();

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        lock (_lock)
        {
            _text.Append(Encoding.UTF8.GetString(buffer.Span));
        }
        return ValueTask.CompletedTask;
    }

    public string Text
    {
        get
        {
            lock (_lock)
            {
                return _text.ToString();
            }
        }
    }

    /// <summary>The first line that fits; waits a little, because lines are written after the answer.</summary>
    public async Task<JsonNode> FindAsync(Func<JsonNode, bool> fits)
    {
        for (var i = 0; i < 200; i++)
        {
            if (Text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonNode.Parse(line)!).FirstOrDefault(fits) is { } line)
            {
                return line;
            }
            await Task.Delay(20);
        }
        throw new AssertionException("no such line in the log:\n" + Text);
    }
}
