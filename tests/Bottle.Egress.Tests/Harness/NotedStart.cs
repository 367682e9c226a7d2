using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Bottle.Egress.Tests.Harness;

/// <summary>Tells when a response began.</summary>
internal sealed class NotedStart(Stream stream) : StreamResponseBodyFeature(stream)
{
    private readonly TaskCompletionSource _started = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task Started => _started.Task;

    public override Task StartAsync(CancellationToken cancellationToken = default)
    {
        _started.TrySetResult();
        return base.StartAsync(cancellationToken);
    }
}
