// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import { CopyId, ModelId } from "../lib/Types.sol";
import { ICollateral } from "./ICollateral.sol";

/// @notice `Ordered → Delivered → Active → Closing → Closed`. `Ordered → Refunded` if the minter misses the deadline.
/// `Slashed` if the copy has lost all its collateral: it cannot be served or derived from.
enum State {
    None,
    Ordered,
    Delivered,
    Active,
    Closing,
    Closed,
    Refunded,
    Slashed
}

/// @notice Values that a report depends on.
/// @param minter Account that earns the minter's cut.
/// @param collateral Remaining collateral; 0 once it has been returned.
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

/// @notice One buyer's fingerprinted weights of one version. Times are seconds of protocol time (`IProtocol.time`).
/// @param deadline While ordered: last second to deliver. While delivered: last second at which only the buyer may
/// accept. While closing: first second at which the collateral may leave. Otherwise 0.
/// @param acceptWindow Seconds that the buyer has to check a delivery, in whole minutes, fixed by the order.
/// @param price Amount paid to the model when the copy is accepted.
/// @param collateral Remaining collateral; 0 once it has been returned.
/// @param lastEpoch Epoch in which the copy was closed or lost its collateral: the last whose receipts count. 0 before.
/// @param fee Fee that the host pays for a million tokens served to others, from the terms at the order.
/// @param mintFee Amount paid to the minter when the copy is accepted.
/// @param openDisputes Number of open challenges and cases. The collateral cannot leave while there are any.
/// @param termsHash Hash of the terms at the order. Price, collateral and fee come from these terms.
/// @param buyerSeedHash keccak256 of the buyer's 32-byte contribution to the codeword.
/// @param artifactRoot Merkle root of the copy's files.
/// @param fingerprintRoot Merkle root of the copy's salted fingerprints.
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
    uint64 fee;
    uint32 mintFee;
    uint16 openDisputes;
    uint32 lastEpoch;
    bytes32 termsHash;
    bytes32 buyerSeedHash;
    bytes32 artifactRoot;
    bytes32 fingerprintRoot;
}

/// @notice An order, as the buyer signs it.
/// @param maxPrice Most that the buyer agrees to pay, including the minter's fee.
/// @param termsHash Hash of the terms that the buyer read.
struct OrderRequest {
    ModelId modelId;
    uint32 version;
    uint96 maxPrice;
    bytes32 termsHash;
    bytes32 buyerSeedHash;
    address minter;
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
/// @notice Holds each copy's price until the copy is accepted, and its collateral until the copy is closed.
interface ICopyRegistry is ICollateral {
    /// @notice The model is retired: it sells no new copies.
    error ModelRetired(ModelId id);

    /// @notice The model has no such version.
    error VersionUnknown(ModelId id, uint32 version, uint32 versionCount);

    /// @notice Price and minter's fee together exceed the most that the buyer agreed to.
    error PriceAboveMax(uint256 price, uint96 maxPrice);

    /// @notice The terms are not the ones that the buyer read.
    error TermsChanged(bytes32 termsHash, bytes32 expected);

    /// @notice An order needs the hash of the buyer's seed.
    error BuyerSeedMissing();

    /// @notice A delivery needs both roots.
    error RootMissing();

    /// @notice The copy is not in the state that this function needs.
    error WrongState(CopyId id, State state, State needed);

    /// @notice Only the copy's minter may deliver it.
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
        uint32 mintFee,
        bytes32 termsHash,
        bytes32 buyerSeedHash,
        uint64 deliverDeadline
    );

    /// @notice The minter delivered the copy.
    event Delivered(CopyId indexed id, bytes32 artifactRoot, bytes32 fingerprintRoot, uint64 acceptDeadline);

    /// @notice The copy was accepted. Its price went to the treasury, and the minter's fee to the minter's credit.
    event Accepted(CopyId indexed id);

    /// @notice The minter missed the deadline. Price, minter's fee and collateral went back to the buyer.
    event Refunded(CopyId indexed id);

    /// @notice The buyer gave up the licence. The collateral thaws until `thawEndsAt`.
    event Closing(CopyId indexed id, uint64 thawEndsAt);

    /// @notice The collateral went back to the buyer.
    event Closed(CopyId indexed id);

    /// @notice An account added collateral to a copy.
    event CollateralAdded(CopyId indexed id, address indexed payer, uint256 amount, uint256 collateral);

    /// @notice Fees that a copy owed were paid out of its collateral. `left` is still locked.
    event FeesCovered(CopyId indexed id, uint256 amount, uint256 left);

    /// @notice A court opened a dispute about a copy.
    event DisputeOpened(CopyId indexed id, address indexed court, uint16 openDisputes);

    /// @notice A court closed a dispute about a copy.
    event DisputeClosed(CopyId indexed id, address indexed court, uint16 openDisputes);

    /// @notice An offence was punished. `taken` = reward + burned + the amount paid to the model. `left` is still
    /// locked.
    event Slashed(
        CopyId indexed id,
        address indexed reporter,
        bytes32 indexed offence,
        uint256 taken,
        uint256 reward,
        uint256 burned,
        uint256 left
    );

    /// @notice The courts were set. This happens once.
    event CourtsSet(address[] courts);

    /// @notice Orders a copy. Pulls price, minter's fee and collateral from the caller.
    /// @dev The caller must have approved this contract for price + minter's fee + collateral.
    /// @return id Number of the new copy.
    function order(OrderRequest calldata request) external returns (CopyId id);

    /// @notice Same as `order`, with a signed allowance instead of an approval.
    /// @dev A permit that was already used does not revert the order if the allowance suffices.
    function orderWithPermit(OrderRequest calldata request, Permit calldata permit) external returns (CopyId id);

    /// @notice The minter of the order delivers the copy, until the deadline.
    function deliver(CopyId id, bytes32 artifactRoot, bytes32 fingerprintRoot) external;

    /// @notice Accepts the delivery and pays the price to the treasury. Only the buyer may call this; after the
    /// deadline anyone may.
    function accept(CopyId id) external;

    /// @notice Sends price, minter's fee, collateral and the minter's penalty to the buyer of an undelivered copy.
    /// Anyone may call this after the deadline.
    function refund(CopyId id) external;

    /// @notice The buyer gives up the licence, which starts the thaw. Keys sign through the end of this epoch, and the
    /// collateral leaves after the last receipt that they could sign has stopped counting (`IProtocol.thawEnd`).
    function close(CopyId id) external;

    /// @notice Sends the remaining collateral to the buyer, less the fees that the copy still owes. Anyone may call this
    /// after the thaw, unless a dispute is open.
    function withdraw(CopyId id) external;

    /// @notice Adds collateral to an active or closing copy, so that it can back larger reports (see `IUsageLedger`).
    /// It returns with the rest.
    /// @dev The caller must have approved this contract.
    function addCollateral(CopyId id, uint96 amount) external;

    /// @notice Pays fees that are overdue (`IUsageLedger.overdue`) out of the collateral. Anyone may call this.
    /// @return amount Amount paid: what is overdue, and the collateral at most.
    function coverFees(CopyId id) external returns (uint256 amount);

    /// @notice Sets the courts. Only the deployer may call this, once.
    function setCourts(address[] calldata courts) external;

    /// @notice One copy, or all zeros if it does not exist.
    function copies(CopyId id) external view returns (Copy memory);

    /// @notice Whether `account` holds this as an active copy of `modelId`.
    function isActiveHolder(CopyId id, ModelId modelId, address account) external view returns (bool);

    /// @notice Whether the copy is active.
    function isActive(CopyId id) external view returns (bool);

    /// @notice Buyer of the copy, who may serve it; zero if the copy does not exist.
    function hostOf(CopyId id) external view returns (address);

    /// @notice Last epoch whose receipts count; the largest number while the copy can be served.
    function lastEpoch(CopyId id) external view returns (uint64);

    /// @notice Values that a report depends on, in one call.
    function served(CopyId id) external view returns (Served memory);

    /// @notice Whether this account is a court: it may open and close disputes, and slash.
    function isCourt(address account) external view returns (bool);

    /// @notice Whether this offence was slashed.
    function punished(bytes32 offence) external view returns (bool);

    /// @notice Number of copies ever ordered. They are numbered from 1 to this.
    function totalCopies() external view returns (uint256);
}
