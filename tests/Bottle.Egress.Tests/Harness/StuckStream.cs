namespace Bottle.Egress.Tests.Harness;

/// <summary>A standard output that takes nothing until it is released.</summary>
internal sealed class StuckStream : MemoryStream
{
    private readonly TaskCompletionSource _entered = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task Entered => _entered.Task;

    public int Lines { get; private set; }

    public void Release() => _released.SetResult();

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        _entered.TrySetResult();
        await _released.Task;
        Lines += buffer.Span.Count((byte)'\n');
    }
}
