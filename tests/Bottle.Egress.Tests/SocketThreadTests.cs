using Bottle.Egress.Hosting;

namespace Bottle.Egress.Tests;

[Parallelizable(ParallelScope.All)]
internal sealed class SocketThreadTests
{
    [Test]
    public async Task What_is_long_leaves_the_thread_of_the_sockets() => Assert.That(await IsOnPoolAfterAsync(() => SocketThread.Leave()), Is.True);

    [TestCase(0, false)]
    [TestCase(SocketThread.LargeBody - 1, false)]
    [TestCase(SocketThread.LargeBody, true)]
    public async Task A_body_leaves_it_when_it_is_large(long bytes, bool leaves) => Assert.That(await IsOnPoolAfterAsync(() => SocketThread.LeaveWhenLarge(bytes)), Is.EqualTo(leaves));

    [Test]
    public async Task On_a_thread_of_the_pool_there_is_nothing_to_leave() =>
        Assert.That(await Task.Run(() => SocketThread.Leave().IsCompleted && SocketThread.LeaveWhenLarge(long.MaxValue).IsCompleted), Is.True);

    private static Task<bool> IsOnPoolAfterAsync(Func<SocketThread.Departure> leave)
    {
        var after = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        new Thread(() => _ = RunAsync()).Start();
        return after.Task;

        async Task RunAsync()
        {
            await leave();
            after.SetResult(Thread.CurrentThread.IsThreadPoolThread);
        }
    }
}
