using System.Collections.Frozen;

namespace Bottle.Contracts.Routes;

/// <summary>
/// Suffixes under which strangers register names, so that <c>*.suffix</c> would be everybody's host. A small selection of the Public Suffix List (its ICANN second levels that are in
/// common use and well-known hosting suffixes of its private section); a name of one label always counts. It catches mistakes, it is not complete.
/// </summary>
public static class PublicSuffixes
{
    private const string SecondLevels =
        "co.uk org.uk ac.uk gov.uk me.uk net.uk ltd.uk plc.uk com.au net.au org.au edu.au gov.au co.nz org.nz net.nz govt.nz ac.nz co.jp or.jp ne.jp ac.jp go.jp " +
        "com.br net.br org.br gov.br com.cn net.cn org.cn gov.cn edu.cn com.tw org.tw com.hk org.hk com.sg edu.sg gov.sg com.my com.ph com.vn com.tr org.tr gov.tr " +
        "co.in net.in org.in gov.in ac.in co.kr or.kr go.kr co.id or.id go.id co.th ac.th com.mx org.mx gob.mx com.ar gob.ar com.co com.pe com.ve com.ec com.uy " +
        "co.za org.za gov.za web.za co.il org.il ac.il gov.il com.ua org.ua co.ke com.ng com.eg com.sa com.pk com.bd com.pl net.pl org.pl com.ru com.es org.es " +
        "com.pt com.gr com.ro com.cy com.mt co.at or.at ac.at gv.at co.hu com.fr asso.fr gouv.fr co.rs co.it edu.it gov.it com.de";

    private const string Hosting =
        "github.io githubusercontent.com gitlab.io bitbucket.io herokuapp.com vercel.app now.sh netlify.app pages.dev workers.dev r2.dev web.app firebaseapp.com run.app " +
        "appspot.com cloudfunctions.net azurewebsites.net azurestaticapps.net cloudapp.net cloudapp.azure.com blob.core.windows.net trafficmanager.net azureedge.net " +
        "amazonaws.com s3.amazonaws.com execute-api.amazonaws.com elasticbeanstalk.com cloudfront.net on.aws lambda-url.on.aws awsapprunner.com fly.dev onrender.com " +
        "railway.app deno.dev surge.sh glitch.me repl.co replit.app replit.dev ngrok.io ngrok.app ngrok-free.app trycloudflare.com loca.lt serveo.net blogspot.com " +
        "wordpress.com myshopify.com digitaloceanspaces.com ondigitalocean.app storage.googleapis.com fastly.net edgekey.net b-cdn.net codespaces.dev gitpod.io csb.app " +
        "duckdns.org no-ip.org ddns.net dyndns.org nip.io sslip.io hf.space streamlit.app readthedocs.io";

    private static readonly FrozenSet<string> Known = (SecondLevels + " " + Hosting).Split(' ').ToFrozenSet(StringComparer.Ordinal);

    /// <summary>Whether <paramref name="suffix"/> (lower case, no leading dot) is one label or a known public suffix.</summary>
    public static bool Contains(string suffix) => !suffix.Contains('.', StringComparison.Ordinal) || Known.Contains(suffix);
}
