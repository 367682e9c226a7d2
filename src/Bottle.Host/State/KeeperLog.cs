using System.Globalization;
using Bottle.Core.Diagnostics;

namespace Bottle.Host.State;

/// <summary>What the background work of a run has to say: <c>runs/&lt;identity&gt;/keeper.log</c>, 0600, capped; never the agent's terminal.</summary>
public sealed class KeeperLog(BottleHome home, string identity, TimeProvider time)
{
    private const long Largest = 64 * 1024;

    /// <summary>Appends a line when there is one.</summary>
    public void WriteIfAny(string? text)
    {
        if (text is not null)
            Write(text);
    }

    /// <summary>Appends a line; what does not fit, or cannot be written, is dropped.</summary>
    public void Write(string text)
    {
        try
        {
            SafeFolder.Create(home.Runs(identity));
            using var file = NativeFile.OpenToLock(Path.Combine(home.Runs(identity), "keeper.log"));
            var length = RandomAccess.GetLength(file);
            if (length < Largest)
                RandomAccess.Write(file, System.Text.Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{time.GetUtcNow():yyyy-MM-dd'T'HH:mm:ss'Z'} {InertText.Line(text)}\n")), length);
        }
        catch (Exception e) when (e is IOException or BottleException)
        {
            // A full disk must not end the agent's run.
        }
    }
}
