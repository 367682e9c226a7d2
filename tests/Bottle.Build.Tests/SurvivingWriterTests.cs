using Bottle.Build.Console;

namespace Bottle.Build.Tests;

[Parallelizable(ParallelScope.All)]
internal sealed class SurvivingWriterTests
{
    [Test]
    public void A_terminal_that_is_gone_ends_nothing()
    {
        using var writer = new SurvivingWriter(new Gone());
        Assert.That(() =>
        {
            writer.WriteLine("teardown goes on");
            writer.Write('x');
            writer.Flush();
        }, Throws.Nothing);
    }

    [Test]
    public void What_is_written_arrives()
    {
        using var inner = new StringWriter();
        using var writer = new SurvivingWriter(inner);
        writer.Write("a");
        writer.WriteLine("b");
        Assert.That(inner.ToString(), Is.EqualTo($"ab{Environment.NewLine}"));
    }

    private sealed class Gone : StringWriter
    {
        public override void Write(char value) => throw new IOException("EIO");

        public override void Write(string? value) => throw new IOException("EIO");

        public override void WriteLine(string? value) => throw new IOException("EIO");
    }
}
