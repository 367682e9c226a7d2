using System.Diagnostics;
using System.Text;
using Bottle.Core.Diagnostics;
using Bottle.Host.Processes;
using NUnit.Framework;

namespace Bottle.Host.Tests.Processes;

[Parallelizable(ParallelScope.All)]
public sealed class CommandRunnerTests
{
    private readonly CommandRunner runner = new();

    private static Command Shell(string script, params string[] arguments) => new("sh", ["-c", script, "sh", .. arguments]);

    [Test]
    public async Task Output_error_and_exit_code_are_captured()
    {
        var result = await runner.RunAsync(Shell("echo out; echo err >&2; exit 7"));
        Assert.That(result, Is.EqualTo(new CommandResult(7, "out\n", "err\n")));
    }

    [Test]
    public async Task Arguments_arrive_as_they_are()
    {
        var result = await runner.RunAsync(Shell("printf '<%s>' \"$@\"", "two words", "", "$(id)", "it's", "-n", "ü\n"));
        Assert.That(result.Output, Is.EqualTo("<two words><><$(id)><it's><-n><ü\n>"));
    }

    [Test]
    public async Task A_megabyte_on_both_streams_does_not_block()
    {
        var result = await runner.RunAsync(Shell("head -c 1000000 /dev/zero | tr '\\0' a; head -c 1000000 /dev/zero | tr '\\0' b >&2"));
        Assert.That((result.Output.Length, result.Error.Length, result.Truncated), Is.EqualTo((1_000_000, 1_000_000, false)));
    }

    [Test]
    public async Task Of_an_output_over_the_limit_the_end_is_kept()
    {
        var result = await runner.RunAsync(Shell("head -c 300000 /dev/zero | tr '\\0' a; echo; echo end") with { OutputLimit = 1000 });
        Assert.That(result.Output, Has.Length.EqualTo(1000).And.EndsWith("a\nend\n"));
        Assert.That(result.Truncated);
    }

    [Test]
    public async Task Standard_input_is_given_and_ends()
    {
        var result = await runner.RunAsync(Shell("wc -c") with { StandardInput = new byte[200_000] });
        Assert.That(result.Output.Trim(), Is.EqualTo("200000"));
    }

    [Test]
    public async Task A_command_that_does_not_read_its_input_is_no_error()
    {
        var result = await runner.RunAsync(Shell("exit 0") with { StandardInput = new byte[10_000_000] });
        Assert.That(result.Succeeded);
    }

    [Test]
    public async Task Without_input_a_reader_sees_the_end_at_once() =>
        Assert.That((await runner.RunAsync(new Command("cat"))).Output, Is.Empty);

    [Test]
    public async Task Variables_are_added_and_removed()
    {
        var command = Shell("echo ${BOTTLE_A-unset} ${HOME-unset}") with { Environment = new Dictionary<string, string?> { ["BOTTLE_A"] = "1", ["HOME"] = null } };
        Assert.That((await runner.RunAsync(command)).Output, Is.EqualTo("1 unset\n"));
    }

    [Test]
    public async Task Lines_are_reported_as_they_come_and_redacted()
    {
        var lines = new List<(string, bool)>();
        var command = Shell("echo one; printf 'two tok3n\\r\\n' >&2; printf three") with { OnLine = (line, isError) => lines.Add((line, isError)), Redact = ["tok3n"] };
        var result = await runner.RunAsync(command);
        Assert.That(lines, Is.EquivalentTo(new[] { ("one", false), ("two ***", true), ("three", false) }));
        Assert.That(result.Error, Is.EqualTo("two ***\r\n"));
    }

    [Test]
    public async Task What_a_line_handler_throws_ends_the_run_after_the_command()
    {
        var command = Shell("seq 200000") with { OnLine = (_, _) => throw new InvalidOperationException("handler") };
        await Assert.ThrowsAsync<InvalidOperationException>(() => runner.RunAsync(command));
    }

    [Test]
    public async Task A_missing_program_says_its_name()
    {
        var e = (await Assert.ThrowsAsync<BottleException>(() => runner.RunAsync(new Command("bottle-no-such-program"))))!;
        Assert.That((e.Diagnostics[0].Code, e.Diagnostics[0].Message), Is.EqualTo(("BTL4110", "program 'bottle-no-such-program' was not found")));
    }

    [Test]
    public async Task A_missing_folder_says_its_name()
    {
        var e = (await Assert.ThrowsAsync<BottleException>(() => runner.RunAsync(new Command("true") with { WorkingDirectory = "/no/such/folder" })))!;
        Assert.That((e.Diagnostics[0].Code, e.Diagnostics[0].Message), Is.EqualTo(("BTL4113", "folder '/no/such/folder' does not exist")));
    }

    [Test]
    public async Task A_program_of_the_working_directory_is_not_found_by_its_bare_name()
    {
        using var folder = new TemporaryFolder();
        var file = Path.Combine(folder.Path, "bottle-planted");
        File.WriteAllText(file, "#!/bin/sh\necho planted\n");
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        var command = new Command("bottle-planted") { WorkingDirectory = folder.Path };
        await Assert.ThrowsAsync<BottleException>(() => runner.RunAsync(command));
        await Assert.ThrowsAsync<BottleException>(() => runner.RunAsync(command with { Environment = new Dictionary<string, string?> { ["PATH"] = ".::" } }));
        Assert.That((await runner.RunAsync(command with { FileName = "./bottle-planted" })).Output, Is.EqualTo("planted\n"));
    }

    [Test]
    public async Task A_failure_carries_command_code_and_last_lines_without_secrets()
    {
        var command = Shell("for i in $(seq 30); do echo line $i $1 >&2; done; exit 3", "tok3n") with { Redact = ["tok3n"] };
        var e = (await Assert.ThrowsAsync<BottleException>(() => runner.RunCheckedAsync(command)))!;
        var text = e.Diagnostics[0].Message + e.Diagnostics[0].Why;
        Assert.That(text, Does.Contain("exit code 3").And.Contain("sh -c").And.Contain("line 11 ***\n").And.Contain("line 30 ***"));
        Assert.That(text, Does.Not.Contain("tok3n").And.Not.Contain("line 10 "));
    }

    [Test]
    public async Task Cancellation_asks_first_and_keeps_what_was_printed()
    {
        using var cancel = new CancellationTokenSource();
        var command = Shell("trap 'echo cleaned; exit 9' TERM; echo ready; while :; do sleep 0.05; done") with
        {
            OnLine = (line, _) =>
            {
                if (line == "ready")
                    cancel.Cancel();
            },
        };
        var e = (await Assert.ThrowsAsync<CommandCanceledException>(() => runner.RunAsync(command, cancel.Token)))!;
        Assert.That((e.Partial.ExitCode, e.Partial.Output), Is.EqualTo((9, "ready\ncleaned\n")));
    }

    [Test]
    public async Task A_command_that_was_asked_to_end_is_cancelled_whatever_its_exit_code()
    {
        using var cancel = new CancellationTokenSource();
        using var folder = new TemporaryFolder();
        var ready = Path.Combine(folder.Path, "ready");
        var attached = runner.AttachAsync(Shell("trap 'exit 0' TERM; touch $1; while :; do sleep 0.05; done", ready), cancel.Token);
        Assert.That(() => File.Exists(ready), Is.True.After(5000, 20));
        await cancel.CancelAsync();
        Assert.That((await Assert.ThrowsAsync<CommandCanceledException>(() => attached))!.Partial.ExitCode, Is.Zero);
    }

    [Test]
    public async Task A_command_that_ignores_the_request_is_ended_by_force_with_its_children()
    {
        using var cancel = new CancellationTokenSource();
        var child = 0;
        var command = Shell("trap '' TERM; sleep 300 & echo $!; wait; sleep 300") with
        {
            Grace = TimeSpan.FromMilliseconds(200),
            OnLine = (line, _) =>
            {
                child = int.Parse(line, System.Globalization.CultureInfo.InvariantCulture);
                cancel.Cancel();
            },
        };
        var e = (await Assert.ThrowsAsync<CommandCanceledException>(() => runner.RunAsync(command, cancel.Token)))!;
        Assert.That(e.Partial.ExitCode, Is.EqualTo(137));
        Assert.That(() => Runs(child), Is.False.After(3000, 20));
    }

    [Test]
    public async Task A_cancelled_token_starts_nothing()
    {
        using var folder = new TemporaryFolder();
        var mark = Path.Combine(folder.Path, "mark");
        await Assert.ThrowsAsync<OperationCanceledException>(() => runner.RunAsync(new Command("touch", mark), new CancellationToken(canceled: true)));
        Assert.That(File.Exists(mark), Is.False);
    }

    [Test]
    public async Task A_grandchild_that_keeps_the_pipe_open_does_not_hold_the_caller()
    {
        var clock = Stopwatch.StartNew();
        var result = await runner.RunAsync(Shell("sleep 30 & echo $!"));
        Assert.That(clock.Elapsed, Is.LessThan(TimeSpan.FromSeconds(20)));
        Process.GetProcessById(int.Parse(result.Output, System.Globalization.CultureInfo.InvariantCulture)).Kill();
    }

    [Test]
    public async Task A_captured_command_has_a_session_of_its_own_unless_it_may_ask()
    {
        const string session = "cut -d' ' -f6 /proc/$$/stat; echo $$";
        var own = (await runner.RunAsync(Shell(session))).Output.Split('\n');
        var shared = (await runner.RunAsync(Shell(session) with { OwnSession = false })).Output.Split('\n');
        Assert.That(own[0], Is.EqualTo(own[1]));
        Assert.That(shared[0], Is.Not.EqualTo(shared[1]));
    }

    [Test]
    public async Task An_attached_command_returns_its_code() =>
        Assert.That(await runner.AttachAsync(Shell("exit 5")), Is.EqualTo(5));

    [Test]
    public async Task Forty_commands_at_once_end()
    {
        var results = await Task.WhenAll(Enumerable.Range(0, 40).Select(i => runner.RunAsync(Shell("sleep 0.2; echo $1", $"{i}"))));
        Assert.That(results.Select(r => r.Output.Trim()), Is.EqualTo(Enumerable.Range(0, 40).Select(i => $"{i}")));
    }

    [Test]
    public void A_command_line_reads_like_one() =>
        Assert.That(new Command("docker", "ps", "--format", "{{json .}}", "", "it's").ToString(), Is.EqualTo("docker ps --format '{{json .}}' '' 'it'\\''s'"));

    [Test]
    public async Task Broken_utf8_does_not_stop_the_reading()
    {
        var result = await runner.RunAsync(Shell("printf 'a\\377b\\n'"));
        Assert.That(Encoding.UTF8.GetBytes(result.Output), Is.EqualTo("a\uFFFDb\n"u8.ToArray()));
    }

    private static bool Runs(int id)
    {
        try
        {
            // A zombie that nobody has collected yet counts as ended.
            return !File.ReadAllText($"/proc/{id}/stat").Contains(") Z ", StringComparison.Ordinal);
        }
        catch (IOException)
        {
            return false;
        }
    }
}
