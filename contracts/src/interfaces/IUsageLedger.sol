// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import { Receipt, Report } from "../lib/Receipts.sol";
import { CopyId } from "../lib/Types.sol";

/// @notice A public endpoint at which a host serves a copy.
/// @param operator Account of the key that signs its receipts.
/// @param price Price that the host asks others for a million tokens. The protocol does not enforce it.
/// @param urlHash keccak256 of the URL, which the event contains; 0 once the deployment is closed.
struct Deployment {
    address operator;
    uint96 price;
    bytes32 urlHash;
}

/// @notice The epochs whose receipts a key may sign, both included.
/// @param cap Most units that a receipt of the key may state, and that a report may state which the key files or signs
/// for one epoch. A stolen key can promise no more.
struct KeyTerm {
    uint64 from;
    uint64 until;
    uint64 cap;
}

/// @notice Prepaid fees of one copy.
/// @param escrow Balance. All of it is available for reports.
/// @param leaving Amount that the host has asked to withdraw.
/// @param leavesAt First second at which that amount may leave, in protocol time.
struct Escrow {
    uint64 escrow;
    uint64 leaving;
    uint64 leavesAt;
}

/// @title Usage: deployments of copies, prepaid fees and reports of served tokens.
/// @notice A host registers deployments and their operator keys, and files one report per epoch: the number of receipts,
/// their tokens and the root of their sum tree (`SumTree`). The fee is the tokens times the fee of the copy's own terms
/// per million, rounded up once. It is taken from the prepaid escrow as far as that goes. The rest is owed: whatever is
/// deposited pays it first, and an epoch after the grace anyone may have it paid out of the collateral. Ten times
/// the fee is locked in the copy's collateral for at least one thaw and at most two.
///
/// Keys follow the copy's state. A key signs through the end of the epoch in which it is revoked, or in which its copy
/// is closed or loses its collateral, and no receipt after it counts. Such a copy reports its last epoch within the grace
/// and none after. An epoch keeps the parameters that it began with.
/// @dev A host without a report for an epoch has declared no usage for it.
interface IUsageLedger {
    /// @notice Only the copy's buyer may call this.
    error NotHost(address caller, address host);

    /// @notice The copy is not active, so it cannot be served.
    error CopyNotActive(CopyId id);

    /// @notice The URL must have between 1 and `maxLength` bytes.
    error UrlLength(uint256 length, uint256 maxLength);

    /// @notice A deployment needs an operator key.
    error OperatorMissing();

    /// @notice The key was revoked for this copy. It cannot be added again.
    error OperatorRevoked(address operator, uint64 until);

    /// @notice The key has another cap. It cannot be changed.
    error OperatorCapDiffers(address operator, uint64 cap, uint64 given);

    /// @notice A key needs a cap above zero.
    error OperatorCapMissing();

    /// @notice The units exceed the key's cap. The host itself may report more.
    error UnitsAboveCap(address operator, uint64 units, uint64 cap);

    /// @notice The copy was closed or lost its collateral in `lastEpoch`. No later epoch counts.
    error CopyEnded(CopyId id, uint64 epoch, uint64 lastEpoch);

    /// @notice Only the user ledger may call this.
    error NotUserLedger(address caller, address userLedger);

    /// @notice The key may not sign for this copy in this epoch.
    error OperatorUnknown(CopyId id, address operator, uint64 epoch);

    /// @notice The deployment does not exist or is closed.
    error DeploymentUnknown(CopyId id, uint32 number);

    /// @notice The report was neither filed nor signed by the host or by an operator key of this epoch.
    error NotReporter(CopyId id, address account, uint64 epoch);

    /// @notice The signature is not valid for this account.
    error SignatureInvalid(address signer);

    /// @notice The epoch has not ended.
    error EpochRunning(uint64 epoch, uint64 current);

    /// @notice The time to report the epoch has ended.
    error ReportLate(uint64 time, uint64 deadline);

    /// @notice The epoch was already reported.
    error ReportedBefore(CopyId id, uint64 epoch);

    /// @notice A report needs at least one receipt and a root.
    error ReportEmpty();

    /// @notice Every receipt has at least one unit.
    error UnitsBelowCount(uint64 units, uint64 count);

    /// @notice The escrow is lower than the amount.
    error EscrowTooLow(uint256 escrow, uint256 needed);

    /// @notice The collateral does not cover the amount locked for reports and the fees that are owed. Anyone may add
    /// more, or deposit fees.
    error CollateralTooLow(uint256 collateral, uint256 needed);

    /// @notice The escrow cannot leave yet.
    error EscrowThawing(uint64 time, uint64 notBefore);

    /// @notice The withdrawal request has expired. Without an expiry, an old request could remove escrow at any moment.
    error RequestLapsed(uint64 time, uint64 notAfter);

    /// @notice The epoch began at least one thaw ago, so its receipts no longer count. The collateral of copies closed
    /// in it may have left, and a stolen old key could have signed receipts since.
    error ReceiptTooOld(uint64 epoch, uint64 time, uint64 deadline);

    /// @notice A deployment was opened.
    event DeploymentOpened(
        CopyId indexed copyId,
        uint32 indexed number,
        address indexed operator,
        uint96 price,
        bytes32 urlHash,
        string url
    );

    /// @notice A deployment was closed.
    event DeploymentClosed(CopyId indexed copyId, uint32 indexed number);

    /// @notice A key may sign receipts of this epoch and later ones.
    event OperatorAdded(CopyId indexed copyId, address indexed operator, uint64 from, uint64 cap);

    /// @notice A key was revoked. It may sign receipts up to and including the epoch `until`.
    event OperatorRevocation(CopyId indexed copyId, address indexed operator, uint64 until);

    /// @notice An account prepaid fees for a copy.
    event Deposited(CopyId indexed copyId, address indexed payer, uint256 amount, uint256 escrow);

    /// @notice The host requested a withdrawal of escrow.
    event WithdrawalRequested(CopyId indexed copyId, uint256 amount, uint64 notBefore);

    /// @notice Escrow was paid back to the host.
    event Withdrawn(CopyId indexed copyId, uint256 amount, uint256 escrow);

    /// @notice An epoch was reported. `owed` is what the copy owes in all.
    event Reported(
        CopyId indexed copyId,
        uint64 indexed epoch,
        uint64 count,
        uint64 units,
        bytes32 receiptsRoot,
        uint256 fee,
        uint256 owed,
        uint256 locked
    );

    /// @notice Fees that a copy owed were paid. It still owes `owed`.
    event OwedPaid(CopyId indexed copyId, uint256 amount, uint256 owed);

    /// @notice Opens a deployment of an active copy. Its operator key may sign receipts from this epoch on.
    /// @param url Public URL of the endpoint.
    /// @param cap Most units that the key may sign for in one epoch (`KeyTerm`).
    /// @return number Number of the deployment within the copy, from 1.
    function openDeployment(CopyId id, string calldata url, uint96 price, address operator, uint64 cap)
        external
        returns (uint32 number);

    /// @notice Closes a deployment. Its key stays valid until it is revoked.
    function closeDeployment(CopyId id, uint32 number) external;

    /// @notice Revokes a key permanently. Its receipts of epochs up to the current one stay binding; later ones are void.
    function revokeOperator(CopyId id, address operator) external;

    /// @notice Pays fees that the copy owes, and prepays later ones with the rest. Anyone may call this.
    /// @dev The caller must have approved this contract.
    function deposit(CopyId id, uint64 amount) external;

    /// @notice Requests a withdrawal of escrow. The amount stays available for reports until every epoch that has begun
    /// can no longer be reported. Then it may be withdrawn for one epoch, after which the request expires.
    function requestWithdrawal(CopyId id, uint64 amount) external;

    /// @notice Sends the requested amount to the host, or what reports have left of it. Anyone may call this.
    function withdraw(CopyId id) external returns (uint256 amount);

    /// @notice Files an epoch's report, once, after its end and within the grace. Only the host or an operator key may
    /// call this.
    /// @dev The cost does not depend on the count.
    function report(CopyId id, uint64 epoch, uint64 count, uint64 units, bytes32 receiptsRoot) external;

    /// @notice Files a report signed by the host or by an operator key. A host may be a smart-contract wallet
    /// (ERC-1271).
    function reportSigned(Report calldata signed, address signer, bytes calldata signature) external;

    /// @notice Files a report for an account that called the user ledger. Only the user ledger may call this.
    function reportFrom(Report calldata filed, address reporter) external;

    /// @notice Reverts unless an operator key of its epoch signed this receipt and the receipt still counts.
    /// @dev Only keys may sign receipts: a contract could invalidate its signature later.
    /// @return receiptHash `Receipts.hash` of the receipt. Two different receipts have different hashes.
    function requireReceipt(Receipt calldata receipt, bytes calldata signature)
        external
        view
        returns (bytes32 receiptHash);

    /// @notice EIP-712 digest of a receipt.
    function receiptDigest(Receipt calldata receipt) external view returns (bytes32);

    /// @notice EIP-712 digest of a report.
    function reportDigest(Report calldata unsigned) external view returns (bytes32);

    /// @notice `Receipts.hash` of the epoch's report; 0 if none was filed.
    function reportHash(CopyId id, uint64 epoch) external view returns (bytes32);

    /// @notice Last second at which the epoch may be reported, in protocol time.
    function reportDeadline(uint64 epoch) external view returns (uint64);

    /// @notice Prepaid fees of a copy.
    function escrows(CopyId id) external view returns (Escrow memory);

    /// @notice Units of all reports of the copy.
    function reportedUnits(CopyId id) external view returns (uint64);

    /// @notice Fees of reports that have not been paid.
    function owed(CopyId id) external view returns (uint256);

    /// @notice What the copy owes, once the oldest part is still owed an epoch after the grace of its own epoch; 0 before.
    function overdue(CopyId id) external view returns (uint256);

    /// @notice Last second, in protocol time, before what the copy owes is overdue; 0 if it owes nothing.
    function owedUntil(CopyId id) external view returns (uint64);

    /// @notice Fee for a number of units of the copy, rounded up.
    function feeOf(CopyId id, uint64 units) external view returns (uint256);

    /// @notice Collateral that is locked for reports.
    function locked(CopyId id) external view returns (uint256);

    /// @notice One deployment, or all zeros if it does not exist.
    function deployments(CopyId id, uint32 number) external view returns (Deployment memory);

    /// @notice Number of deployments of the copy ever opened.
    function deploymentCount(CopyId id) external view returns (uint32);

    /// @notice The epochs for which a key may sign.
    function keyTerms(CopyId id, address operator) external view returns (KeyTerm memory);
}
