using System.Collections.Concurrent;
using System.Globalization;
using System.Text;

namespace Formation.Shop.Messaging;

/// <summary>Quand une commande a été reçue, puis traitée.</summary>
/// <param name="OrderId">La commande.</param>
/// <param name="Partition">Partition d'où elle vient.</param>
/// <param name="Offset">Sa place dans la partition.</param>
/// <param name="Received">De l'horodatage du message à sa réception ici.</param>
/// <param name="Done">De la réception par l'API à la fin du traitement ici.</param>
public sealed record Timing(string OrderId, int Partition, long Offset, TimeSpan Received, TimeSpan Done);

/// <summary>Les dernières mesures, en mémoire et bornées : un outil de démonstration, pas un système de métriques.</summary>
public sealed class TimingLog
{
    private const int Capacity = 1_000;
    private readonly ConcurrentQueue<Timing> timings = new();

    /// <summary>Ajoute une mesure ; la plus ancienne cède sa place.</summary>
    public void Add(Timing timing)
    {
        timings.Enqueue(timing);
        while (timings.Count > Capacity)
        {
            timings.TryDequeue(out _);
        }
    }

    /// <summary>Une ligne par mesure : commande, partition, offset, reçue et traitée (en millisecondes).</summary>
    public string ToCsv()
    {
        var csv = new StringBuilder("order,partition,offset,received_ms,done_ms\n");
        foreach (Timing timing in timings)
        {
            csv.Append(CultureInfo.InvariantCulture, $"{timing.OrderId},{timing.Partition},{timing.Offset},");
            csv.Append(CultureInfo.InvariantCulture, $"{timing.Received.TotalMilliseconds:F1},{timing.Done.TotalMilliseconds:F1}\n");
        }

        return csv.ToString();
    }
}
