using System.IO.Pipelines;
using Bottle.Egress.Connect;

namespace Bottle.Egress.Tests;

[Parallelizable(ParallelScope.All)]
public sealed class BatchingWriterTests
{
    private static readonly byte[] Record = new byte[16 * 1024];

    [Test]
    public async Task Records_go_out_together_when_they_are_flushed()
    {
        var pipe = new Pipe();
        var writer = new BatchingWriter(pipe.Writer);
        await writer.WriteAsync(Record);
        await writer.WriteAsync(Record);
        Assert.That(pipe.Reader.TryRead(out _), Is.False, "a write is no flush");
        await writer.FlushAsync();
        Assert.That(pipe.Reader.TryRead(out var read), Is.True);
        Assert.That(read.Buffer.Length, Is.EqualTo(2 * Record.Length));
    }

    [Test]
    public async Task What_waits_for_a_flush_is_bounded_and_its_writer_is_held_back()
    {
        var pipe = new Pipe();
        var writer = new BatchingWriter(pipe.Writer);
        for (var i = 0; i < 3; i++)
        {
            await writer.WriteAsync(Record);
        }
        var full = writer.WriteAsync(Record).AsTask();
        Assert.That(full.IsCompleted, Is.False, "nobody reads");
        var read = await pipe.Reader.ReadAsync();
        Assert.That(read.Buffer.Length, Is.EqualTo(4 * Record.Length));
        pipe.Reader.AdvanceTo(read.Buffer.End);
        await full.WaitAsync(TimeSpan.FromSeconds(5));
    }

    [Test]
    public async Task What_was_not_flushed_goes_out_at_the_end()
    {
        var pipe = new Pipe();
        var writer = new BatchingWriter(pipe.Writer);
        await writer.WriteAsync("bye"u8.ToArray());
        await writer.CompleteAsync();
        Assert.That((await pipe.Reader.ReadAsync()).Buffer.Length, Is.EqualTo(3));
    }
}
