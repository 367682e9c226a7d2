using System.Net;
using System.Net.Sockets;
using System.Text;
using Bottle.GitGate.Serving;

namespace Bottle.GitGate.Tests.Serving;

[Parallelizable(ParallelScope.All)]
public sealed class LingeringCloseTests
{
    [Test]
    public async Task The_last_words_arrive_although_most_of_what_the_client_sent_was_never_wanted()
    {
        var (server, client) = await PairAsync();
        using (client)
        {
            var sending = client.SendAsync(new byte[4_000_000], SocketFlags.None);
            using (server)
            {
                await server.SendAsync("no"u8.ToArray(), SocketFlags.None);
                var ending = LingeringClose.EndAsync(server);
                await sending;
                client.Shutdown(SocketShutdown.Send);
                await ending;
            }
            Assert.That(await ReadAllAsync(client), Is.EqualTo("no"));
        }
    }

    [Test]
    public async Task A_client_that_is_gone_is_not_waited_for()
    {
        var (server, client) = await PairAsync();
        using (server)
        {
            client.LingerState = new LingerOption(true, 0);
            client.Dispose();
            await LingeringClose.EndAsync(server);
            Assert.That(() => server.Send([1]), Throws.TypeOf<SocketException>());
        }
    }

    private static async Task<(Socket Server, Socket Client)> PairAsync()
    {
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen(1);
        var client = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await client.ConnectAsync(listener.LocalEndPoint!);
        return (await listener.AcceptAsync(), client);
    }

    private static async Task<string> ReadAllAsync(Socket socket)
    {
        var text = "";
        var buffer = new byte[16];
        for (int read; (read = await socket.ReceiveAsync(buffer, SocketFlags.None)) > 0;)
        {
            text += Encoding.ASCII.GetString(buffer, 0, read);
        }
        return text;
    }
}
