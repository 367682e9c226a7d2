using System.Globalization;
using Bottle.Host.Processes;
using NUnit.Framework;

namespace Bottle.Host.Tests.Processes;

/// <summary>Programs that a person names and that get the terminal.</summary>
public sealed class AttachedCommandTests
{
    [TestCase("")]
    [TestCase("trap '' TERM;")]
    public async Task An_attached_script_that_ends_at_the_request_takes_with_it_what_it_had_started(string ignores)
    {
        using var cancel = new CancellationTokenSource();
        using var folder = new TemporaryFolder();
        var ready = Path.Combine(folder.Path, "ready");
        // The script ends at once and does not pass the request on, as a wrapper of an editor does.
        var script = new Command("sh", "-c", $"sh -c '{ignores.Replace("'", "'\\''", StringComparison.Ordinal)} echo $$ >$1.new; mv $1.new $1; while :; do sleep 0.05; done' sh $1; exit 0", "sh", ready) { EndsDescendants = true, Grace = TimeSpan.FromMilliseconds(500) };
        var attached = new CommandRunner().AttachAsync(script, cancel.Token);
        Assert.That(() => File.Exists(ready), Is.True.After(20_000, 20));
        var below = int.Parse(await File.ReadAllTextAsync(ready), CultureInfo.InvariantCulture);
        Assert.That(Runs(below), Is.True);
        await cancel.CancelAsync();
        Assert.That((await Assert.ThrowsAsync<CommandCanceledException>(() => attached))!.Partial.ExitCode, Is.EqualTo(143));
        Assert.That(() => Runs(below), Is.False.After(20_000, 20));
    }

    // A zombie that nobody has collected yet counts as ended.
    private static bool Runs(int id)
    {
        try
        {
            return !File.ReadAllText($"/proc/{id}/stat").Contains(") Z ", StringComparison.Ordinal);
        }
        catch (IOException)
        {
            return false;
        }
    }
}
