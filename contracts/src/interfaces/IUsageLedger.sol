// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import { Receipt, Report } from "../lib/Receipts.sol";
import { CopyId } from "../lib/Types.sol";

/// @notice A public endpoint at which a host serves a copy.
/// @param operator Whose key signs its receipts.
/// @param price What the host asks others for one unit; between them and the host.
/// @param urlHash keccak256 of the URL, which the event tells. 0 once it is closed.
struct Deployment {
    address operator;
    uint96 price;
    bytes32 urlHash;
}

/// @notice The epochs whose receipts a key may sign, both included.
struct KeyTerm {
    uint64 from;
    uint64 until;
}

/// @notice What a host has prepaid for one copy.
/// @param escrow What is there, all of it still good for reports.
/// @param leaving How much of it the host has asked back.
/// @param leavesAt When that may leave, in protocol time.
struct Escrow {
    uint64 escrow;
    uint64 leaving;
    uint64 leavesAt;
}

/// @title Who serves which copy where, and what was served.
/// @notice A host names deployments and their operator keys, prepays fees, and files one report per epoch: the number of
/// receipts, their units, and the root of all of them. The fee goes through the treasury; ten times as much of the copy's
/// collateral is locked behind the report for at least one thaw.
/// @dev A host who has nothing to report files nothing, and is taken to have served nothing.
interface IUsageLedger {
    /// @notice Only the copy's buyer may do this.
    error NotHost(address caller, address host);

    /// @notice The copy cannot be served: it is not active.
    error CopyNotActive(CopyId id);

    /// @notice The URL must have between 1 and `maxLength` bytes.
    error UrlLength(uint256 length, uint256 maxLength);

    /// @notice A deployment needs an operator key.
    error OperatorMissing();

    /// @notice The key was revoked for this copy: its terms are over for good.
    error OperatorRevoked(address operator, uint64 until);

    /// @notice The key may not sign for this copy in this epoch.
    error OperatorUnknown(CopyId id, address operator, uint64 epoch);

    /// @notice There is no such deployment, or it is closed.
    error DeploymentUnknown(CopyId id, uint32 number);

    /// @notice Neither the host nor an operator key of this epoch filed or signed the report.
    error NotReporter(CopyId id, address account, uint64 epoch);

    /// @notice The signature is not this account's.
    error SignatureInvalid(address signer);

    /// @notice The epoch is not over.
    error EpochRunning(uint64 epoch, uint64 current);

    /// @notice The time to report the epoch is over.
    error ReportLate(uint64 time, uint64 deadline);

    /// @notice The epoch was reported before.
    error ReportedBefore(CopyId id, uint64 epoch);

    /// @notice A report needs receipts and their root.
    error ReportEmpty();

    /// @notice Every receipt has a unit at least.
    error UnitsBelowCount(uint128 units, uint64 count);

    /// @notice The escrow does not cover the fee: deposit more. Anyone may.
    error EscrowTooLow(uint256 escrow, uint256 needed);

    /// @notice The collateral does not cover what is locked behind reports: add more. Anyone may.
    error CollateralTooLow(uint256 collateral, uint256 needed);

    /// @notice The escrow leaves later.
    error EscrowThawing(uint64 time, uint64 notBefore);

    /// @notice The request to withdraw has lapsed: else one that was made long ago would take escrow out at any moment.
    error RequestLapsed(uint64 time, uint64 notAfter);

    /// @notice The epoch began a thaw ago, and its receipts count no more: the collateral of who closed in it may
    /// have left, and whoever got hold of an old key could have written them since.
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

    /// @notice A key signs receipts of this epoch and later ones.
    event OperatorAdded(CopyId indexed copyId, address indexed operator, uint64 from);

    /// @notice A key signs receipts up to this epoch, and none after.
    event OperatorRevocation(CopyId indexed copyId, address indexed operator, uint64 until);

    /// @notice Somebody prepaid fees.
    event Deposited(CopyId indexed copyId, address indexed payer, uint256 amount, uint256 escrow);

    /// @notice The host asked for escrow.
    event WithdrawalRequested(CopyId indexed copyId, uint256 amount, uint64 notBefore);

    /// @notice Escrow went back to the host.
    event Withdrawn(CopyId indexed copyId, uint256 amount, uint256 escrow);

    /// @notice An epoch was reported, and its fee paid.
    event Reported(
        CopyId indexed copyId,
        uint64 indexed epoch,
        uint64 count,
        uint128 units,
        bytes32 receiptsRoot,
        uint256 fee,
        uint256 locked
    );

    /// @notice Opens a deployment of an active copy, and lets its operator key sign receipts from this epoch on.
    /// @param url Where it is; public.
    /// @return number The deployment's number within the copy, from 1.
    function openDeployment(CopyId id, string calldata url, uint96 price, address operator)
        external
        returns (uint32 number);

    /// @notice Closes a deployment. Its key goes on signing until it is revoked.
    function closeDeployment(CopyId id, uint32 number) external;

    /// @notice Lets a key sign no more after the next epoch: receipts that it has given out stay binding, and what it
    /// signs for later epochs is void. For good.
    function revokeOperator(CopyId id, address operator) external;

    /// @notice Prepays fees. Anyone may.
    /// @dev The caller must have approved this contract.
    function deposit(CopyId id, uint64 amount) external;

    /// @notice Asks for escrow back. It stays good for reports until every epoch that has begun can no longer be reported;
    /// then it may leave for one epoch, after which the request lapses.
    function requestWithdrawal(CopyId id, uint64 amount) external;

    /// @notice Sends what was asked for, as far as reports have left it, to the host. Anyone may call.
    function withdraw(CopyId id) external returns (uint256 amount);

    /// @notice Files an epoch's report: after its end, within the grace, once. The host or an operator key may.
    /// @dev Costs the same whatever the count.
    function report(CopyId id, uint64 epoch, uint64 count, uint128 units, bytes32 receiptsRoot) external;

    /// @notice Files a report that the host (a smart-contract wallet included, ERC-1271) or an operator key has signed.
    function reportSigned(Report calldata signed, address signer, bytes calldata signature) external;

    /// @notice Reverts unless an operator key of its epoch signed this receipt, and it still counts.
    /// @dev Keys sign receipts, and never contracts: a contract could take back its word.
    /// @return receiptHash `Receipts.hash`: what two different receipts differ in.
    function requireReceipt(Receipt calldata receipt, bytes calldata signature)
        external
        view
        returns (bytes32 receiptHash);

    /// @notice What EIP-712 has signed for this receipt.
    function receiptDigest(Receipt calldata receipt) external view returns (bytes32);

    /// @notice What EIP-712 has signed for this report.
    function reportDigest(Report calldata unsigned) external view returns (bytes32);

    /// @notice `Receipts.hash` of the epoch's report; 0 where there is none.
    function reportHash(CopyId id, uint64 epoch) external view returns (bytes32);

    /// @notice The last second at which the epoch may be reported, in protocol time.
    function reportDeadline(uint64 epoch) external view returns (uint64);

    /// @notice What the host has prepaid.
    function escrows(CopyId id) external view returns (Escrow memory);

    /// @notice Collateral that is locked behind reports.
    function locked(CopyId id) external view returns (uint256);

    /// @notice One deployment; all zeros where there is none.
    function deployments(CopyId id, uint32 number) external view returns (Deployment memory);

    /// @notice How many deployments of the copy were ever opened.
    function deploymentCount(CopyId id) external view returns (uint32);

    /// @notice The epochs that a key may sign for.
    function keyTerms(CopyId id, address operator) external view returns (KeyTerm memory);
}
