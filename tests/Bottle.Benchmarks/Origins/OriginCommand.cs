using System.Net;
using Bottle.Benchmarks.Wire;

namespace Bottle.Benchmarks.Origins;

/// <summary>The origin as a process of its own (<c>bench origin ADDRESS AUTHORITY CREDENTIAL CERTIFICATE KEY</c>), so that it can be pinned and its work is not counted as the client's.</summary>
internal static class OriginCommand
{
    internal static int Run(IReadOnlyList<string> arguments)
    {
        if (arguments is not [var address, var authority, var credential, var certificate, var key])
            return 2;
        var answers = new OriginAnswers(authority, credential, Console.Out.WriteLine);
        new OriginServer(IPEndPoint.Parse(address), new TlsIdentity(certificate, key), answers).Run();
        return 0;
    }
}
