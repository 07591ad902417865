namespace Formation.KeyedOrderProducer;

/// <summary>Codes de sortie : c'est par eux que Kubernetes sait si le Job a réussi.</summary>
public static class ExitCode
{
    /// <summary>Toutes les commandes demandées sont livrées.</summary>
    public const int Success = 0;

    /// <summary>Au moins une commande n'est pas livrée.</summary>
    public const int NotDelivered = 1;

    /// <summary>Un réglage est absent, mal formé ou refusé par librdkafka.</summary>
    public const int BadConfiguration = 2;
}
