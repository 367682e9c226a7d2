using Bottle.Build.Console;

namespace Bottle.Build.Tests;

[Parallelizable(ParallelScope.All)]
internal sealed class StageConsoleTests
{
    [Test]
    public async Task Stages_that_run_side_by_side_read_as_if_they_ran_one_after_another()
    {
        using var log = new StringWriter();
        using var console = new StageConsole(new SurvivingWriter(TextWriter.Null), log, TextWriter.Null, new ConsoleStyle());
        var (first, second, third) = (console.Open("MintCertificates"), console.Open("RenderEgress"), console.Open("BuildImages"));
        await Say(console, third, "built", note: "1 image");
        await Say(console, second, "rendered", note: "1 route");
        Assert.That(log.ToString(), Is.Empty, "the first has not ended");
        await Say(console, first, "minted", note: "two");
        Assert.That(Words(log), Is.EqualTo(new[] { "minted", "✓ MintCertificates two", "rendered", "✓ RenderEgress 1 route", "built", "✓ BuildImages 1 image" }));
    }

    [Test]
    public async Task The_first_that_runs_speaks_at_once_and_repeats_nothing()
    {
        using var log = new StringWriter();
        using var console = new StageConsole(new SurvivingWriter(TextWriter.Null), log, TextWriter.Null, new ConsoleStyle());
        var only = console.Open("BuildImages");
        await Task.Run(() =>
        {
            console.Enter(only);
            console.Progress("egress: building");
            console.Progress("egress: building");
        });
        Assert.That(Words(log), Is.EqualTo(new[] { "egress: building" }));
        console.Skipped(only);
        Assert.That(Words(log)[^1], Is.EqualTo("= BuildImages up to date"));
    }

    [Test]
    public void What_belongs_to_no_stage_is_written_at_once()
    {
        using var log = new StringWriter();
        using var console = new StageConsole(new SurvivingWriter(TextWriter.Null), log, TextWriter.Null, new ConsoleStyle());
        console.Open("BuildImages");
        console.Say("hello");
        Assert.That(Words(log), Is.EqualTo(new[] { "hello" }));
    }

    [Test]
    public void A_quiet_run_says_only_what_failed()
    {
        using var log = new StringWriter();
        using var console = new StageConsole(new SurvivingWriter(TextWriter.Null), log, TextWriter.Null, new ConsoleStyle(Quiet: true));
        console.Done(console.Open("BuildImages"));
        console.Failed(console.Open("ComposeUp"));
        Assert.That(Words(log), Is.EqualTo(new[] { "✗ ComposeUp" }));
    }

    private static Task Say(StageConsole console, StageOutput stage, string progress, string note) => Task.Run(() =>
    {
        console.Enter(stage);
        console.Progress(progress);
        console.Note(note);
        console.Done(stage);
    });

    // Without the times.
    private static string[] Words(StringWriter log) =>
        [.. log.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => string.Join(' ', line.Split(' ', StringSplitOptions.RemoveEmptyEntries).Where(word => word != "s" && !word.Contains('.', StringComparison.Ordinal))))];
}
