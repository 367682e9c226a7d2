using System.Runtime.CompilerServices;

namespace Bottle.Egress.Hosting;

/// <summary>
/// A request goes on on the very thread that has seen its socket's event (<see cref="KestrelLimits"/>, and DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS of the image), which spares it several changes of threads.
/// That thread watches many sockets: whatever is long, a large body or a wait for the disk, leaves it for a thread of the pool, where the system shares out the time. Nothing may block on it.
/// </summary>
internal static class SocketThread
{
    /// <summary>From here on a body is large, in bytes.</summary>
    public const long LargeBody = 64 * 1024;

    /// <summary>Awaited: leaves the thread to other sockets. Does nothing on a thread of the pool.</summary>
    public static Departure Leave() => new(!Thread.CurrentThread.IsThreadPoolThread);

    /// <summary>Awaited: leaves the thread to other sockets when a body has come so many bytes far that it is large.</summary>
    public static Departure LeaveWhenLarge(long bytes) => new(bytes >= LargeBody && !Thread.CurrentThread.IsThreadPoolThread);

    /// <summary>What is awaited: goes on on a thread of the pool, or at once.</summary>
    internal readonly struct Departure(bool leaves) : ICriticalNotifyCompletion
    {
        /// <summary>Whether there is nothing to do.</summary>
        public bool IsCompleted => !leaves;

        /// <summary>Itself.</summary>
        public Departure GetAwaiter() => this;

        /// <summary>Nothing.</summary>
        public void GetResult()
        {
        }

        /// <inheritdoc/>
        public void OnCompleted(Action continuation) => ThreadPool.QueueUserWorkItem(static next => next(), continuation, preferLocal: false);

        /// <inheritdoc/>
        public void UnsafeOnCompleted(Action continuation) => ThreadPool.UnsafeQueueUserWorkItem(static next => next(), continuation, preferLocal: false);
    }
}
