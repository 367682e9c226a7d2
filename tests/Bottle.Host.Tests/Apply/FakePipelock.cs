using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Bottle.Host.Tests.Apply;

/// <summary>A pipelock of <see cref="FakeBottle"/>: what it has read, and what it has logged.</summary>
internal sealed class FakePipelock
{
    public string Text { get; private set; } = "";

    public List<string> Log { get; } = [];

    public static FakePipelock Started(string text, Func<int> next)
    {
        var pipelock = new FakePipelock { Text = text };
        pipelock.Say(next(), """{"event":"startup"}""");
        return pipelock;
    }

    public void Read(string text, bool refuses, Func<int> next)
    {
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
