using System.Globalization;
using System.Text;

namespace BlueGreen.Agent.AccessLogs;

/// <summary>A moment as log files have it, <c>10/Oct/2026:13:55:36 +0200</c>, kept for as long as its second lasts.</summary>
internal sealed class LocalSecond
{
    private const string DateAndTime = "dd/MMM/yyyy:HH:mm:ss ";

    private byte[] _text = [];
    private long _second = -1;
    private TimeZoneInfo? _zone;

    /// <summary>The moment in a time zone.</summary>
    public ReadOnlySpan<byte> Of(DateTimeOffset moment, TimeZoneInfo zone)
    {
        var second = moment.ToUnixTimeSeconds();
        if (second != _second || zone != _zone)
        {
            var local = TimeZoneInfo.ConvertTime(moment, zone);
            var offset = local.ToString("zzz", CultureInfo.InvariantCulture).Replace(":", "", StringComparison.Ordinal);
            _text = Encoding.ASCII.GetBytes(local.ToString(DateAndTime, CultureInfo.InvariantCulture) + offset);
            (_second, _zone) = (second, zone);
        }

        return _text;
    }
}
