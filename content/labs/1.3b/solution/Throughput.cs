namespace Formation.ScaledConsumer;

/// <summary>Compte les commandes traitées et annonce le débit à intervalle régulier. Sert sur un seul thread.</summary>
public sealed class Throughput(ConsumerSettings settings, RebalanceJournal journal, ILogger<Throughput> logger)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    private long since = Environment.TickCount64;
    private int count;

    // <throughput>
    /// <summary>Une commande de plus.</summary>
    public void Count() => count++;

    /// <summary>Annonce le débit s'il est temps. À appeler à chaque tour.</summary>
    public void ReportIfDue()
    {
        double seconds = (Environment.TickCount64 - since) / 1000.0;
        if (seconds < Interval.TotalSeconds)
        {
            return;
        }

        logger.LogInformation(
            Events.Throughput,
            "{Instance} : {PerSecond:F1} commandes/s sur {Owned} partition(s)",
            settings.Instance,
            count / seconds,
            journal.Owned);
        count = 0;
        since = Environment.TickCount64;
    }
    // </throughput>
}
