using System.Net.WebSockets;

namespace Bottle.DemoUpstream;

/// <summary>Answers that stay open: a WebSocket that echoes, and an event stream whose second event waits until it is asked for, so that a proxy that holds the first one back is found out.</summary>
internal static class Live
{
    private const int LargestMessage = 64 * 1024;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Echoes messages until the client closes.</summary>
    public static async Task EchoAsync(HttpContext context)
    {
        if (!context.WebSockets.IsWebSocketRequest)
        {
            context.Response.StatusCode = StatusCodes.Status426UpgradeRequired;
            return;
        }
        using var socket = await context.WebSockets.AcceptWebSocketAsync();
        var buffer = new byte[LargestMessage];
        while (await socket.ReceiveAsync(buffer, context.RequestAborted) is { CloseStatus: null } message)
            await socket.SendAsync(buffer.AsMemory(0, message.Count), message.MessageType, message.EndOfMessage, context.RequestAborted);
        await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, context.RequestAborted);
    }

    /// <summary>Sends one event at once, and another after <see cref="Release"/>.</summary>
    public static async Task EventsAsync(HttpContext context)
    {
        var released = _released = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        context.Response.ContentType = "text/event-stream";
        await context.Response.WriteAsync("data: first\n\n");
        await context.Response.Body.FlushAsync();
        await released.Task.WaitAsync(Patience, context.RequestAborted);
        await context.Response.WriteAsync("data: second\n\n");
    }

    /// <summary>Lets the stream that is open go on.</summary>
    public static void Release() => _released.TrySetResult();
}
