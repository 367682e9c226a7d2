using System.Threading.Channels;
using Bottle.Core.Diagnostics;
using Bottle.Core.Diagnostics.Catalogue;
using Bottle.Dashboard.Model;
using Bottle.Dashboard.Shell;
using Bottle.Dashboard.Updating;
using Bottle.Dashboard.View;
using Bottle.Host.Terminals;

namespace Bottle.Dashboard;

/// <summary>The operator's full-screen program: events go through the model to the screen, on one thread of execution; everything that could wait runs beside it.</summary>
public sealed class DashboardProgram : IDisposable
{
    private static readonly TimeSpan Frame = TimeSpan.FromMilliseconds(120);
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(100);

    private readonly Channel<DashboardEvent> events = Channel.CreateUnbounded<DashboardEvent>(new UnboundedChannelOptions { SingleReader = true });
    private readonly SemaphoreSlim keyboard = new(1, 1);
    private readonly DashboardSettings settings;
    private readonly ScreenTerminal terminal;
    private readonly ScreenWriter writer;
    private volatile bool isStale = true;
    private volatile bool isGone;

    private DashboardProgram(DashboardSettings settings)
    {
        this.settings = settings;
        writer = new ScreenWriter(settings.Colour);
        terminal = ScreenTerminal.Open(Resize) ?? throw new BottleException(ViewErrors.NoTerminal());
    }

    /// <summary>Runs until the operator leaves or it is cancelled; the terminal is as it was then. BTL5406 without a terminal.</summary>
    public static async Task RunAsync(DashboardSettings settings, CancellationToken cancellationToken)
    {
        using var program = new DashboardProgram(settings);
        await program.RunAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        terminal.Dispose();
        keyboard.Dispose();
    }

    private async Task RunAsync(CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var engine = new EngineWatch(settings, Post);
        var logs = new LogWatch(settings, Post);
        using var operations = new Operations(settings, Post, SuspendedAsync);
        Resize();
        var beside = Task.WhenAll(Task.Run(() => new StateWatch(settings, Post).RunAsync(stop.Token), CancellationToken.None), Task.Run(() => engine.RunAsync(stop.Token), CancellationToken.None), TickAsync(stop.Token), ReadKeysAsync(stop.Token));
        try
        {
            var screen = ShowAsync(operations, logs, stop.Token);
            // What breaks beside it must not leave a screen that only looks alive.
            await await Task.WhenAny(screen, beside).ConfigureAwait(false);
            await screen.ConfigureAwait(false);
        }
        finally
        {
            terminal.Leave();
            // Nobody is there any more who would see what comes of it.
            if (isGone)
                await stop.CancelAsync().ConfigureAwait(false);
            await operations.FinishAsync().ConfigureAwait(false);
            await stop.CancelAsync().ConfigureAwait(false);
            await logs.EndAsync().ConfigureAwait(false);
            await beside.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task ShowAsync(Operations operations, LogWatch logs, CancellationToken cancellationToken)
    {
        var model = new DashboardModel { Now = settings.Services.Time.GetUtcNow(), ResumeCommand = settings.Spoken("dotnet cake --target=Resume --bottle={0}") };
        var drawn = 0L;
        while (await events.Reader.WaitToReadAsync(cancellationToken).ConfigureAwait(false))
        {
            // However much comes, there are so many frames a second.
            var early = Frame - TimeSpan.FromMilliseconds(Environment.TickCount64 - drawn);
            if (early > TimeSpan.Zero && events.Reader.TryPeek(out var next) && next is not DashboardEvent.Pressed)
                await Task.Delay(early, cancellationToken).ConfigureAwait(false);
            while (events.Reader.TryRead(out var happened))
            {
                (model, var wish) = DashboardUpdate.Apply(model, happened);
                if (wish is Wish.Quit)
                    return;
                if (wish is Wish.FollowLogs follow)
                    logs.Follow(follow.Identity, cancellationToken);
                else if (wish is not null)
                    operations.Begin(wish, cancellationToken);
            }
            Draw(model);
            drawn = Environment.TickCount64;
        }
    }

    private void Draw(DashboardModel model)
    {
        if (!terminal.IsTaken)
            return;
        if (isStale)
        {
            isStale = false;
            writer.Forget();
            terminal.Write("\e[2J");
        }
        terminal.Write(writer.Draw(DashboardView.Render(model)));
    }

    private void Post(DashboardEvent happened) => events.Writer.TryWrite(happened);

    private void Resize()
    {
        isStale = true;
        var size = terminal.Size;
        Post(new DashboardEvent.Resized(size.Rows, size.Columns));
    }

    private async Task TickAsync(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1), settings.Services.Time);
        while (await timer.WaitForNextTickAsync(cancellationToken).ConfigureAwait(false))
            Post(new DashboardEvent.Tick(settings.Services.Time.GetUtcNow()));
    }

    private Task ReadKeysAsync(CancellationToken cancellationToken) => Task.Factory.StartNew(() => ReadKeys(cancellationToken), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    private void ReadKeys(CancellationToken cancellationToken)
    {
        var reader = new KeyReader();
        var buffer = new byte[1024];
        while (!cancellationToken.IsCancellationRequested)
        {
            // Whoever has the keyboard reads it: else an editor would miss what is typed.
            keyboard.Wait(cancellationToken);
            try
            {
                var count = terminal.Read(buffer, Patience);
                if (count < 0)
                {
                    // The terminal has gone, and with it whoever looked.
                    isGone = true;
                    events.Writer.TryComplete();
                    return;
                }
                foreach (var key in reader.Read(buffer.AsSpan(0, count), nothingFollows: count == 0))
                    Post(new DashboardEvent.Pressed(key));
            }
            finally
            {
                keyboard.Release();
            }
        }
    }

    private async Task<string> SuspendedAsync(Func<Task<string>> work)
    {
        await keyboard.WaitAsync().ConfigureAwait(false);
        try
        {
            terminal.Leave();
            return await work().ConfigureAwait(false);
        }
        finally
        {
            terminal.Enter();
            keyboard.Release();
            Resize();
        }
    }
}
