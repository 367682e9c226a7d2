using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Bottle.Host.Tests.Apply;

/// <summary>A pipelock of <see cref="FakeBottle"/>: what it has read, and what it has logged.</summary>
internal sealed class FakePipelock
{
    // It passes over a file that it has only just read.
    private bool passesOver;

    public string Text { get; private set; } = "";

    public List<string> Log { get; } = [];

    /// <summary>A new process with the file as it lies there; the container's log goes on.</summary>
    public void Restart(string text, Func<int> next)
    {
        (Text, passesOver) = (text, true);
        Say(next(), """{"event":"startup"}""");
    }

    public static FakePipelock Started(string text, Func<int> next)
    {
        var pipelock = new FakePipelock();
        pipelock.Restart(text, next);
        return pipelock;
    }

    public void Read(string text, bool refuses, Func<int> next)
    {
        if (passesOver && text == Text)
        {
            passesOver = false;
            return;
        }
        if (refuses && text != Text)
        {
            Say(next(), "pipelock: config reload failed: rejected: security downgrade from strict mode");
            return;
        }
        Text = text;
        Say(next(), $$"""{"event":"config_reload","status":"success","config_hash":"{{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))}}"}""");
    }

    public void Say(int number, string line) => Log.Add(string.Create(CultureInfo.InvariantCulture, $"2026-01-01T00:00:00.{number:D9}Z {line}"));
}
