using System.Text;

namespace Bottle.Build.Console;

/// <summary>A writer that outlives its terminal: once the other end has gone, what is written is dropped, so that teardown is not cut short.</summary>
internal sealed class SurvivingWriter(TextWriter inner) : TextWriter
{
    private bool gone;

    /// <summary>Whether the output has its document: something was written, arrived or not, or lines were begun.</summary>
    internal bool IsUsed { get; private set; }

    public override Encoding Encoding => inner.Encoding;

    /// <summary>What is written is lines that are documents themselves, perhaps none: no other document follows.</summary>
    internal void BeginLines() => IsUsed = true;

    public override void Write(char value) => Put(() => inner.Write(value));

    public override void Write(string? value) => Put(() => inner.Write(value));

    public override void Write(char[] buffer, int index, int count) => Put(() => inner.Write(buffer, index, count));

    public override void WriteLine(string? value) => Put(() => inner.WriteLine(value));

    public override void Flush() => Try(inner.Flush);

    private void Put(Action write)
    {
        IsUsed = true;
        Try(write);
    }

    private void Try(Action write)
    {
        if (gone) return;
        try
        {
            write();
        }
        catch (IOException)
        {
            gone = true;
        }
    }
}
