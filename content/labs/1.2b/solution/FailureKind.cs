using Confluent.Kafka;

namespace Formation.KeyedOrderProducer;

/// <summary>Ce qu'un échec définitif nous apprend, donc ce que l'application peut en faire.</summary>
public enum FailureKind
{
    /// <summary>Ce message-ci ne passera jamais : DLQ, et on continue.</summary>
    Message,

    /// <summary>Aucun message ne passera tant qu'on n'aura pas corrigé : DLQ, et on s'arrête.</summary>
    Configuration,

    /// <summary>Ce producer est condamné : DLQ, arrêt, et un nouveau processus repartira de zéro.</summary>
    Fatal,

    /// <summary>Une panne passagère a duré plus que le délai accordé : DLQ ou fichier, puis rejeu.</summary>
    Outage,
}

/// <summary>Classe les erreurs que rend le producer.</summary>
public static class FailureKinds
{
    // <classify>
    /// <summary>Classe une erreur de rapport de livraison, ou de <c>Produce</c>.</summary>
    public static FailureKind Classify(Error error) => error switch
    {
        { IsFatal: true } => FailureKind.Fatal,

        {
            Code: ErrorCode.MsgSizeTooLarge
                or ErrorCode.RecordListTooLarge
                or ErrorCode.InvalidRecord
                or ErrorCode.InvalidTimestamp
                or ErrorCode.Local_KeySerialization
                or ErrorCode.Local_ValueSerialization
        } => FailureKind.Message,

        {
            Code: ErrorCode.UnknownTopicOrPart
                or ErrorCode.Local_UnknownTopic
                or ErrorCode.Local_UnknownPartition
                or ErrorCode.TopicException
                or ErrorCode.TopicAuthorizationFailed
                or ErrorCode.ClusterAuthorizationFailed
                or ErrorCode.SaslAuthenticationFailed
                or ErrorCode.Local_Authentication
        } => FailureKind.Configuration,

        _ => FailureKind.Outage,
    };
    // </classify>
}
