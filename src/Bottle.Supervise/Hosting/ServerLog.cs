using System.Globalization;
using Bottle.Contracts.Git;

namespace Bottle.Supervise.Hosting;

/// <summary>The sidecar's log: one line an event, inert whatever an agent or an operator wrote.</summary>
/// <param name="writer">Where lines go.</param>
/// <param name="clock">The time of a line.</param>
internal sealed class ServerLog(TextWriter writer, TimeProvider clock)
{
    private readonly TextWriter _writer = TextWriter.Synchronized(writer);

    /// <summary>Writes a line; a log that cannot be written stops nothing.</summary>
    public void Write(string text)
    {
        try
        {
            _writer.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{clock.GetUtcNow().UtcDateTime:yyyy-MM-dd'T'HH:mm:ss.fff'Z'} {Inert.Text(text)}"));
        }
        catch (IOException)
        {
            // Nobody reads it any more.
        }
    }
}
