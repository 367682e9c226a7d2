using Bottle.Host.Processes;
using Bottle.Host.Terminals;
using Bottle.Host.Tests.State;
using Bottle.Testing;
using NUnit.Framework;

namespace Bottle.Host.Tests.Terminals;

/// <summary>A real pseudo-terminal and real programs on it; the other end of the socket is read by hand.</summary>
[Parallelizable(ParallelScope.All)]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class TerminalKeeperTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    private string Socket => Path.Combine(folder.Path, "terminal.sock");

    [Test]
    public async Task A_program_runs_on_a_terminal_and_keeps_its_exit_code()
    {
        await using var keeper = new TerminalKeeper(Socket);
        var running = keeper.RunAsync(new CommandRunner(), new Command("sh", "-c", "read line; tty -s && stty size && echo got $line; exit 7"));
        using var visitor = await TerminalVisitor.ComeAsync(Socket);
        await visitor.SizeAsync(40, 132);
        await visitor.TypeAsync("hello\n");
        Assert.That(await visitor.UntilEndAsync(), Is.EqualTo(7));
        Assert.That(visitor.Seen, Does.Contain("40 132").And.Contain("got hello"));
        Assert.That(await running, Is.EqualTo(7));
    }

    [Test]
    public async Task Who_comes_back_sees_what_was_written_while_nobody_looked()
    {
        await using var keeper = new TerminalKeeper(Socket);
        var running = keeper.RunAsync(new CommandRunner(), new Command("sh", "-c", "echo first; read a; echo second $a; read b; exit 0"));
        using (var visitor = await TerminalVisitor.ComeAsync(Socket))
        {
            await visitor.SeesAsync("first");
            await visitor.TypeAsync("x\n");
        }
        using var later = await TerminalVisitor.ComeAsync(Socket);
        await later.SeesAsync("second x");
        Assert.That(later.Seen, Does.Contain("first"));
        await later.TypeAsync("\n");
        Assert.That(await later.UntilEndAsync(), Is.Zero);
        await running;
    }

    [Test]
    public async Task A_terminal_that_comes_back_in_its_old_size_makes_the_program_draw_anew()
    {
        await using var keeper = new TerminalKeeper(Socket);
        using var stop = new CancellationTokenSource();
        var running = keeper.RunAsync(new CommandRunner(), new Command("sh", "-c", "trap 'echo drawn' WINCH; echo ready; while :; do sleep 0.1; done") { Grace = TimeSpan.FromSeconds(1) }, stop.Token);
        using var visitor = await TerminalVisitor.ComeAsync(Socket);
        await visitor.SeesAsync("ready");
        await visitor.SizeAsync(TerminalSize.Usual.Rows, TerminalSize.Usual.Columns);
        await visitor.SeesAsync("drawn");
        await stop.CancelAsync();
        Assert.That(async () => await running, Throws.InstanceOf<OperationCanceledException>());
        Assert.That(await visitor.UntilEndAsync(), Is.Null, "it was stopped, which is no exit code");
    }

    [Test]
    public async Task Garbage_at_the_socket_ends_that_connection_alone()
    {
        await using var keeper = new TerminalKeeper(Socket);
        var running = keeper.RunAsync(new CommandRunner(), new Command("sh", "-c", "read line; exit 3"));
        using (var hostile = await TerminalVisitor.ComeAsync(Socket))
            await hostile.Stream.WriteAsync(new byte[] { 1, 0x7f, 0xff, 0xff, 0xff, 1, 2, 3 });
        using var visitor = await TerminalVisitor.ComeAsync(Socket);
        await visitor.TypeAsync("\n");
        Assert.That(await visitor.UntilEndAsync(), Is.EqualTo(3));
        await running;
    }

    [Test]
    public async Task The_socket_is_its_owners_alone_and_goes_with_the_keeper()
    {
        await using (new TerminalKeeper(Socket))
            Assert.That(File.GetUnixFileMode(Socket), Is.EqualTo(UnixFileMode.UserRead | UnixFileMode.UserWrite));
        Assert.That(File.Exists(Socket), Is.False);
    }
}
