// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import { Quote } from "../lib/Quotes.sol";
import { CopyId, ModelId } from "../lib/Types.sol";
import { ICollateral } from "./ICollateral.sol";
import { IRefusals, Ruling } from "./IRefusals.sol";

/// @notice Life of a copy:
///
///     Ordered → Delivered → Active → Closing → Closed
///        │        ↑   ↓
///        │       Refused → Defended → Contested → Active or Refunded
///        ↓          ↓          ↓
///     Refunded   Refunded    Active
///
/// `Ordered → Refunded` if the minter misses the deadline, `Refused → Refunded` if it gives the money back or does not
/// answer, `Defended → Active` if the buyer opens no case. A punishment is not a state: a copy that has lost its
/// collateral has a `lastEpoch`, and cannot be served, in whatever state it is.
enum State {
    None,
    Ordered,
    Delivered,
    Active,
    Closing,
    Closed,
    Refunded,
    Refused,
    Defended,
    Contested
}

/// @notice The public fact that fails, according to a buyer who refuses a delivery.
///  - `Missing`: nothing with the delivery's hash can be had at its address, or its key does not open it.
///  - `Files`: the files do not have the `artifactRoot`.
///  - `Tensors`: tensors that the report does not call edited differ from the version's.
///  - `Keys`: the disclosed keys do not have the `fingerprintRoot`.
///  - `Answers`: the weights do not answer the disclosed keys as the `fingerprintRoot` says.
///  - `Figures`: the weights do not have the quality that the minter's signed report claims.
enum Reason {
    None,
    Missing,
    Files,
    Tensors,
    Keys,
    Answers,
    Figures
}

/// @notice What a minter hands over.
/// @param artifactRoot Merkle root of the copy's files.
/// @param responsesRoot Merkle root of the copy's salted leaves, one for each key of the pool.
/// @param ciphertextHash SHA-256 of the sealed files.
/// @param sealedKey Their key, sealed for the buyer: who knows the buyer's seed opens it.
/// @param url Where the sealed files are.
struct Delivery {
    bytes32 artifactRoot;
    bytes32 responsesRoot;
    bytes32 ciphertextHash;
    bytes32 sealedKey;
    string url;
}

/// @notice Values that a report depends on.
/// @param minter Account that earns the minter's cut.
/// @param collateral Remaining collateral behind reports: all but the leak bond. 0 once it has been returned.
/// @param fee Fee per million tokens that the copy was sold under.
/// @param lastEpoch Last epoch whose receipts count; the largest number while the copy can be served.
struct Served {
    ModelId modelId;
    address host;
    address minter;
    uint96 collateral;
    uint64 fee;
    uint64 lastEpoch;
}

/// @notice One buyer's fingerprinted weights of one version. The hashes of its terms and of the buyer's seed are in the
/// quote that it was ordered with (`IMinterRegistry.orderOf`). Times are seconds of protocol time (`IProtocol.time`).
/// @param deadline While ordered: last second to deliver. While delivered: last second at which only the buyer may
/// accept, and in which it may refuse. While refused: last second for the minter's answer. While defended: last second
/// to open a case. While closing, closed or refunded: first second of the leak tail, before which no collateral leaves.
/// Otherwise 0.
/// @param acceptWindow Seconds that the buyer has to check a delivery, in whole minutes, fixed by the order.
/// @param price Amount paid to the model when the copy is accepted.
/// @param collateral Remaining collateral, leak bond included; 0 once it has been returned.
/// @param leakBond Part of the collateral that is released over the leak tail; never more than the order fixed.
/// @param leakTail Seconds over which the leak bond is released, fixed by the order.
/// @param penalty Amount that the minter pays the buyer if it fails, as quoted.
/// @param reason Why the buyer refused the latest delivery; `None` if it did not.
/// @param redelivered Whether the minter has delivered again.
/// @param lastEpoch Epoch in which the copy was closed or lost its collateral: the last whose receipts count. 0 before.
/// @param fee Fee that the host pays for a million tokens served to others, from the terms at the order.
/// @param mintFee Amount paid to the minter when the copy is accepted.
/// @param openDisputes Number of open challenges and cases. The collateral cannot leave while there are any.
/// @param artifactRoot Merkle root of the copy's files.
/// @param fingerprintRoot Root of the version's key pool; from the delivery on, names this and the copy's responses
/// (`Fingerprints.rootOf`).
struct Copy {
    ModelId modelId;
    uint32 version;
    State state;
    address buyer;
    address minter;
    uint64 deadline;
    uint64 acceptWindow;
    uint64 price;
    uint96 collateral;
    uint64 leakBond;
    uint32 leakTail;
    uint64 fee;
    uint32 mintFee;
    uint64 penalty;
    uint16 openDisputes;
    uint32 lastEpoch;
    Reason reason;
    bool redelivered;
    bytes32 artifactRoot;
    bytes32 fingerprintRoot;
}

/// @notice An EIP-2612 permit that allows this contract to pull the token.
struct Permit {
    uint256 value;
    uint256 deadline;
    uint8 v;
    bytes32 r;
    bytes32 s;
}

/// @title Orders, deliveries and collateral.
/// @notice Holds each copy's price until the copy is accepted, and its collateral until the copy is closed and its leak
/// bond released.
///
/// **Leak bond.** Weights do not come back, so neither does all of the collateral at once. After the thaw of a closed
/// copy the rest returns, and the leak bond is released evenly over the leak tail. What is left of it can be disputed
/// and slashed until the last second. A dispute freezes what was left when it was opened. A refund after a delivery
/// leaves the leak bond behind in the same way, unless a court rules that nothing usable was delivered.
///
/// **Payments.** Whoever calls gets its own money at once. What is due to anybody else is credited to it in the treasury
/// (`ITreasury.claimCredit`), so that no change of state depends on a transfer to somebody else.
interface ICopyRegistry is ICollateral, IRefusals {
    /// @notice The model is retired: it sells no new copies.
    error ModelRetired(ModelId id);

    /// @notice The controller has not named this minter for its model.
    error MinterNotNamed(ModelId id, address minter);

    /// @notice The model has no such version, or its key pool has not been committed to.
    error KeyPoolMissing(ModelId id, uint32 version);

    /// @notice The terms are not the ones that the quote was made for.
    error TermsChanged(bytes32 termsHash, bytes32 expected);

    /// @notice The quote is for another buyer.
    error NotQuoted(address caller, address buyer);

    /// @notice The quote has expired.
    error QuoteExpired(uint64 time, uint64 expiresAt);

    /// @notice An order needs the hash of the buyer's seed.
    error BuyerSeedMissing();

    /// @notice A delivery needs both roots, the hash, the key and the address of the sealed files. The address has at
    /// most 256 bytes.
    error DeliveryIncomplete();

    /// @notice A refusal needs a reason, and evidence of at most 256 bytes.
    error RefusalIncomplete(Reason reason, uint256 length);

    /// @notice The minter has already delivered again.
    error RedeliveredBefore(CopyId id);

    /// @notice No case about this refusal can be opened: the minter may still answer, or the time to open one is over.
    error RefusalNotOpen(CopyId id, State state, uint64 time, uint64 deadline);

    /// @notice A court must rule.
    error RulingMissing();

    /// @notice The copy is not in the state that this function needs.
    error WrongState(CopyId id, State state, State needed);

    /// @notice Only the copy's minter may call this.
    error NotMinter(address caller, address minter);

    /// @notice Only the copy's buyer may call this. After the deadline anyone may accept.
    error NotBuyer(address caller, address buyer);

    /// @notice The deadline has passed.
    error TooLate(uint64 time, uint64 deadline);

    /// @notice It is too early for this.
    error TooEarly(uint64 time, uint64 notBefore);

    /// @notice A dispute is open. The collateral cannot leave until it is closed.
    error DisputeOpen(CopyId id, uint16 openDisputes);

    /// @notice No dispute about this copy is open.
    error NoDisputeOpen(CopyId id);

    /// @notice The copy was not delivered, or its collateral is gone: it cannot be disputed or slashed.
    error NothingAtStake(CopyId id, State state);

    /// @notice No collateral has been released since the last withdrawal.
    error NothingReleased(CopyId id, uint256 leakBond);

    /// @notice This offence was already slashed.
    error OffencePunished(bytes32 offence);

    /// @notice The copy owes no fees that are overdue.
    error NothingOverdue(CopyId id);

    /// @notice Only a court may open and close disputes, and slash.
    error NotCourt(address caller);

    /// @notice Only the deployer may set the courts.
    error NotDeployer(address caller, address deployer);

    /// @notice The courts were already set. They cannot be changed.
    error CourtsAlreadySet();

    /// @notice A copy was ordered. The contract holds price, minter's fee and collateral.
    event Ordered(
        CopyId indexed id,
        ModelId indexed modelId,
        address indexed buyer,
        uint32 version,
        address minter,
        uint64 price,
        uint96 collateral,
        uint64 leakBond,
        uint32 leakTail,
        uint32 mintFee,
        uint64 penalty,
        bytes32 termsHash,
        bytes32 buyerSeedHash,
        uint64 deliverDeadline
    );

    /// @notice The minter delivered the copy.
    event Delivered(
        CopyId indexed id,
        bytes32 artifactRoot,
        bytes32 fingerprintRoot,
        bytes32 responsesRoot,
        bytes32 ciphertextHash,
        bytes32 sealedKey,
        string url,
        uint64 acceptDeadline
    );

    /// @notice The copy was accepted. Its price went to the treasury, and the minter's fee to the minter's credit.
    event Accepted(CopyId indexed id);

    /// @notice The buyer refused the delivery. The minter may answer until `answerDeadline`.
    event DeliveryRefused(CopyId indexed id, Reason reason, string evidence, uint64 answerDeadline);

    /// @notice The minter stands by its delivery. The buyer may open a case until `caseDeadline`.
    event DeliveryDefended(CopyId indexed id, uint64 caseDeadline);

    /// @notice The refused delivery is before a court.
    event DeliveryContested(CopyId indexed id, address indexed court);

    /// @notice The court ruled on the refused delivery.
    event DeliveryRuled(CopyId indexed id, address indexed court, Ruling ruling);

    /// @notice The copy was not delivered, or its delivery was refused. Price, minter's fee and collateral went back to
    /// the buyer, except `left`: the leak bond, or all that a dispute has frozen. `penalty` was paid by the minter.
    event Refunded(CopyId indexed id, uint64 penalty, uint96 left);

    /// @notice The buyer gave up the licence. The collateral thaws until `thawEndsAt`.
    event Closing(CopyId indexed id, uint64 thawEndsAt);

    /// @notice The thaw is over: all collateral except the leak bond has been returned.
    event Closed(CopyId indexed id);

    /// @notice Collateral went back to the buyer. `left` is still locked.
    event CollateralReturned(CopyId indexed id, uint256 amount, uint256 left);

    /// @notice An account added collateral to a copy.
    event CollateralAdded(CopyId indexed id, address indexed payer, uint256 amount, uint256 collateral);

    /// @notice Fees that a copy owed were paid out of its collateral. `left` is still locked.
    event FeesCovered(CopyId indexed id, uint256 amount, uint256 left);

    /// @notice A court opened a dispute about a copy.
    event DisputeOpened(CopyId indexed id, address indexed court, uint16 openDisputes);

    /// @notice A court closed a dispute about a copy.
    event DisputeClosed(CopyId indexed id, address indexed court, uint16 openDisputes);

    /// @notice An offence was punished. `bounty` of what was taken went to the court, and the rest was burned. `left` is
    /// still locked.
    event Slashed(
        CopyId indexed id, address indexed court, bytes32 indexed offence, uint256 taken, uint256 bounty, uint256 left
    );

    /// @notice The courts were set. This happens once.
    event CourtsSet(address[] courts);

    /// @notice Orders a copy with a minter's quote. Pulls price, minter's fee and collateral from the caller.
    /// @dev The caller must have approved this contract for price + minter's fee + collateral. The quote's terms fix all
    /// but the fee, so that nothing can change between reading and ordering.
    /// @param signature The minter's signature of the quote (`IMinterRegistry.quoteDigest`).
    /// @return id Number of the new copy.
    function order(Quote calldata quote, bytes calldata signature) external returns (CopyId id);

    /// @notice Same as `order`, with a signed allowance instead of an approval.
    /// @dev A permit that was already used does not revert the order if the allowance suffices.
    function orderWithPermit(Quote calldata quote, bytes calldata signature, Permit calldata permit)
        external
        returns (CopyId id);

    /// @notice The minter of the order delivers the copy, until the deadline. After a refusal it may deliver again, once.
    function deliver(CopyId id, Delivery calldata delivery) external;

    /// @notice Accepts the delivery and pays the price to the treasury. Only the buyer may call this, also to take back
    /// a refusal. Anyone may after the deadline of a delivery, or of one that the minter stands by.
    function accept(CopyId id) external;

    /// @notice The buyer refuses the delivery within the acceptance window, and names the public fact that fails.
    /// @param evidence Location of the buyer's evidence, or a sentence. It must not contain a key.
    function refuse(CopyId id, Reason reason, string calldata evidence) external;

    /// @notice The minter stands by a refused delivery. The buyer may open a case; without one, it is accepted.
    function standBy(CopyId id) external;

    /// @notice Sends price, minter's fee, collateral and the quoted penalty to the buyer, except the leak bond of a copy
    /// that was delivered. The minter may call this for a refused delivery, and anyone after the deadline of an order or
    /// of the minter's answer to a refusal.
    function refund(CopyId id) external;

    /// @notice The buyer gives up the licence, which starts the thaw. Keys sign through the end of this epoch, and
    /// collateral leaves after the last receipt that they could sign has stopped counting (`IProtocol.thawEnd`).
    function close(CopyId id) external;

    /// @notice Returns released collateral to the buyer, less the fees that the copy still owes: after the thaw all but
    /// the leak bond, and this evenly over the leak tail. Anyone may call this, unless a dispute is open.
    function withdraw(CopyId id) external returns (uint256 amount);

    /// @notice Adds collateral to an active or closing copy, so that it can back larger reports (see `IUsageLedger`).
    /// It returns with the rest.
    /// @dev The caller must have approved this contract.
    function addCollateral(CopyId id, uint96 amount) external;

    /// @notice Pays fees that are overdue (`IUsageLedger.overdue`) out of the collateral. Anyone may call this.
    /// @return amount Amount paid: what is overdue, and the collateral without the leak bond at most.
    function coverFees(CopyId id) external returns (uint256 amount);

    /// @notice Sets the courts. Only the deployer may call this, once.
    function setCourts(address[] calldata courts) external;

    /// @notice One copy, or all zeros if it does not exist.
    function copies(CopyId id) external view returns (Copy memory);

    /// @notice Whether `account` holds this as an active copy of `modelId`.
    function isActiveHolder(CopyId id, ModelId modelId, address account) external view returns (bool);

    /// @notice Whether the copy is active and has not lost its collateral.
    function isActive(CopyId id) external view returns (bool);

    /// @notice Buyer of the copy, who may serve it; zero if the copy does not exist.
    function hostOf(CopyId id) external view returns (address);

    /// @notice Last epoch whose receipts count; the largest number while the copy can be served.
    function lastEpoch(CopyId id) external view returns (uint64);

    /// @notice Collateral that `withdraw` would release now, before fees are taken from it.
    function released(CopyId id) external view returns (uint256);

    /// @notice Values that a report depends on, in one call.
    function served(CopyId id) external view returns (Served memory);

    /// @notice Whether this account is a court: it may open and close disputes, and slash.
    function isCourt(address account) external view returns (bool);

    /// @notice Whether this offence was slashed.
    function punished(bytes32 offence) external view returns (bool);

    /// @notice Number of copies of a model that were accepted.
    function soldOf(ModelId id) external view returns (uint256);

    /// @notice Number of copies ever ordered. They are numbered from 1 to this.
    function totalCopies() external view returns (uint256);
}
