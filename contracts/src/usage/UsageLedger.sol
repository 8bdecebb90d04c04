// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import { ICopyRegistry } from "../interfaces/ICopyRegistry.sol";
import { IProtocol } from "../interfaces/IProtocol.sol";
import { ITreasury } from "../interfaces/ITreasury.sol";
import { Deployment, Escrow, IUsageLedger, KeyTerm } from "../interfaces/IUsageLedger.sol";
import { Receipt, Receipts, Report } from "../lib/Receipts.sol";
import { CopyId, ModelId } from "../lib/Types.sol";
import { IERC20 } from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import { SafeERC20 } from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import { ECDSA } from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import { EIP712 } from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import { SignatureChecker } from "@openzeppelin/contracts/utils/cryptography/SignatureChecker.sol";
import { SafeCast } from "@openzeppelin/contracts/utils/math/SafeCast.sol";

/// @notice See `IUsageLedger`.
contract UsageLedger is EIP712, IUsageLedger {
    using Receipts for Receipt;
    using Receipts for Report;
    using SafeCast for uint256;
    using SafeERC20 for IERC20;

    uint256 private constant MAX_URL_LENGTH = 256;

    /// @dev One word, which a report updates. Locks are kept in two buckets, regardless of the number of reports. A
    /// lock is counted in `current` until one thaw after the bucket began, then in `previous` for another thaw. No lock
    /// ends before one thaw, and every lock ends within two.
    struct Account {
        uint64 escrow;
        uint64 current;
        uint64 previous;
        uint40 rollsAt;
    }

    struct Leaving {
        uint64 amount;
        uint64 notBefore;
    }

    IERC20 private immutable USD;
    IProtocol private immutable PROTOCOL;
    ICopyRegistry private immutable COPIES;
    ITreasury private immutable TREASURY;
    uint64 private immutable EPOCH_LENGTH;
    uint64 private immutable FEE_COLLATERAL_FACTOR;

    /// @inheritdoc IUsageLedger
    mapping(CopyId id => mapping(uint64 epoch => bytes32)) public reportHash;
    /// @inheritdoc IUsageLedger
    mapping(CopyId id => uint32) public deploymentCount;

    mapping(CopyId id => Account) private _accounts;
    mapping(CopyId id => Leaving) private _leaving;
    mapping(CopyId id => mapping(address operator => KeyTerm)) private _keyTerms;
    mapping(CopyId id => mapping(uint32 number => Deployment)) private _deployments;

    constructor(IERC20 usd, IProtocol protocol, ICopyRegistry copies, ITreasury treasury) EIP712("Kinmark", "1") {
        USD = usd;
        PROTOCOL = protocol;
        COPIES = copies;
        TREASURY = treasury;
        EPOCH_LENGTH = protocol.epochLength();
        FEE_COLLATERAL_FACTOR = protocol.feeCollateralFactor();

        usd.forceApprove(address(treasury), type(uint256).max);
    }

    modifier onlyHost(CopyId id) {
        address host = COPIES.hostOf(id);
        require(msg.sender == host, NotHost(msg.sender, host));
        _;
    }

    /* DEPLOYMENTS */

    /// @inheritdoc IUsageLedger
    function openDeployment(CopyId id, string calldata url, uint96 price, address operator)
        external
        onlyHost(id)
        returns (uint32 number)
    {
        PROTOCOL.requireOpen();
        uint256 length = bytes(url).length;
        require(COPIES.isActive(id), CopyNotActive(id));
        require(length > 0 && length <= MAX_URL_LENGTH, UrlLength(length, MAX_URL_LENGTH));
        require(operator != address(0), OperatorMissing());

        _allow(id, operator);
        number = ++deploymentCount[id];
        bytes32 urlHash = keccak256(bytes(url));
        _deployments[id][number] = Deployment(operator, price, urlHash);
        emit DeploymentOpened(id, number, operator, price, urlHash, url);
    }

    /// @inheritdoc IUsageLedger
    function closeDeployment(CopyId id, uint32 number) external onlyHost(id) {
        require(_deployments[id][number].urlHash != 0, DeploymentUnknown(id, number));

        delete _deployments[id][number];
        emit DeploymentClosed(id, number);
    }

    /// @inheritdoc IUsageLedger
    function revokeOperator(CopyId id, address operator) external onlyHost(id) {
        KeyTerm storage term = _keyTerms[id][operator];
        uint64 epoch = PROTOCOL.epoch();
        require(term.until != 0, OperatorUnknown(id, operator, epoch));
        require(term.until == type(uint64).max, OperatorRevoked(operator, term.until));

        term.until = epoch + 1;
        emit OperatorRevocation(id, operator, epoch + 1);
    }

    /* ESCROW */

    /// @inheritdoc IUsageLedger
    function deposit(CopyId id, uint64 amount) external {
        require(COPIES.hostOf(id) != address(0), CopyNotActive(id));
        Account storage account = _accounts[id];

        account.escrow += amount;
        emit Deposited(id, msg.sender, amount, account.escrow);

        USD.safeTransferFrom(msg.sender, address(this), amount);
    }

    /// @inheritdoc IUsageLedger
    function requestWithdrawal(CopyId id, uint64 amount) external onlyHost(id) {
        uint64 escrow = _accounts[id].escrow;
        require(amount <= escrow, EscrowTooLow(escrow, amount));

        uint64 notBefore = PROTOCOL.time() + EPOCH_LENGTH + PROTOCOL.reportGrace();

        _leaving[id] = Leaving(amount, notBefore);
        emit WithdrawalRequested(id, amount, notBefore);
    }

    /// @inheritdoc IUsageLedger
    function withdraw(CopyId id) external returns (uint256 amount) {
        Leaving memory leaving = _leaving[id];
        uint64 escrow = _accounts[id].escrow;
        uint64 time = PROTOCOL.time();
        uint64 notAfter = leaving.notBefore + EPOCH_LENGTH;
        require(time >= leaving.notBefore, EscrowThawing(time, leaving.notBefore));
        require(leaving.amount == 0 || time <= notAfter, RequestLapsed(time, notAfter));

        amount = leaving.amount < escrow ? leaving.amount : escrow;
        if (amount == 0) return 0;

        // at most the escrow, which fits
        // forge-lint: disable-next-line(unsafe-typecast)
        uint64 left = escrow - uint64(amount);
        _accounts[id].escrow = left;
        delete _leaving[id];
        emit Withdrawn(id, amount, left);

        USD.safeTransfer(COPIES.hostOf(id), amount);
    }

    /* REPORTS */

    /// @inheritdoc IUsageLedger
    function report(CopyId id, uint64 epoch, uint64 count, uint128 units, bytes32 receiptsRoot) external {
        _report(Report(id, epoch, count, units, receiptsRoot), msg.sender);
    }

    /// @inheritdoc IUsageLedger
    function reportSigned(Report calldata signed, address signer, bytes calldata signature) external {
        require(
            SignatureChecker.isValidSignatureNowCalldata(signer, reportDigest(signed), signature),
            SignatureInvalid(signer)
        );
        _report(signed, signer);
    }

    /* VIEWS */

    /// @inheritdoc IUsageLedger
    function requireReceipt(Receipt calldata receipt, bytes calldata signature)
        external
        view
        returns (bytes32 receiptHash)
    {
        receiptHash = receipt.hash();
        uint64 time = PROTOCOL.time();
        // the last second before collateral of a copy closed at the beginning of the epoch may leave
        uint256 deadline = uint256(receipt.epoch) * EPOCH_LENGTH + PROTOCOL.thaw() - 1;
        address signer = ECDSA.recoverCalldata(_hashTypedDataV4(receiptHash), signature);
        // seconds of an epoch that has begun
        // forge-lint: disable-next-line(unsafe-typecast)
        require(time <= deadline, ReceiptTooOld(receipt.epoch, time, uint64(deadline)));
        require(
            _isOperator(receipt.copyId, signer, receipt.epoch), OperatorUnknown(receipt.copyId, signer, receipt.epoch)
        );
    }

    /// @inheritdoc IUsageLedger
    function receiptDigest(Receipt calldata receipt) external view returns (bytes32) {
        return _hashTypedDataV4(receipt.hash());
    }

    /// @inheritdoc IUsageLedger
    function reportDigest(Report calldata unsigned) public view returns (bytes32) {
        return _hashTypedDataV4(unsigned.hash());
    }

    /// @inheritdoc IUsageLedger
    function reportDeadline(uint64 epoch) public view returns (uint64) {
        return ((uint256(epoch) + 1) * EPOCH_LENGTH + PROTOCOL.reportGrace()).toUint64();
    }

    /// @inheritdoc IUsageLedger
    function escrows(CopyId id) external view returns (Escrow memory) {
        return Escrow(_accounts[id].escrow, _leaving[id].amount, _leaving[id].notBefore);
    }

    /// @inheritdoc IUsageLedger
    function locked(CopyId id) external view returns (uint256) {
        Account memory account = _rolled(_accounts[id], PROTOCOL.time());
        return uint256(account.current) + account.previous;
    }

    /// @inheritdoc IUsageLedger
    function deployments(CopyId id, uint32 number) external view returns (Deployment memory) {
        return _deployments[id][number];
    }

    /// @inheritdoc IUsageLedger
    function keyTerms(CopyId id, address operator) external view returns (KeyTerm memory) {
        return _keyTerms[id][operator];
    }

    /* INTERNAL */

    /// @dev A revoked key cannot be added again: a new term would invalidate its old receipts.
    function _allow(CopyId id, address operator) private {
        uint64 until = _keyTerms[id][operator].until;
        if (until == type(uint64).max) return;
        require(until == 0, OperatorRevoked(operator, until));

        uint64 epoch = PROTOCOL.epoch();
        _keyTerms[id][operator] = KeyTerm(epoch, type(uint64).max);
        emit OperatorAdded(id, operator, epoch);
    }

    function _report(Report memory filed, address reporter) private {
        (ModelId modelId, address host, address minter, uint96 collateral, uint64 feePerUnit) =
            COPIES.served(filed.copyId);
        uint64 time = PROTOCOL.time();
        _requireReportable(filed, reporter, host, time);

        uint256 fee = uint256(filed.units) * feePerUnit;
        uint256 lockedNow = _debit(filed.copyId, fee, collateral, time);
        reportHash[filed.copyId][filed.epoch] = filed.hash();
        emit Reported(filed.copyId, filed.epoch, filed.count, filed.units, filed.receiptsRoot, fee, lockedNow);

        if (fee > 0) TREASURY.pay(modelId, fee, minter);
    }

    function _requireReportable(Report memory filed, address reporter, address host, uint64 time) private view {
        uint64 current = time / EPOCH_LENGTH;
        require(
            reporter == host || _isOperator(filed.copyId, reporter, filed.epoch),
            NotReporter(filed.copyId, reporter, filed.epoch)
        );
        require(filed.epoch < current, EpochRunning(filed.epoch, current));
        uint64 deadline = reportDeadline(filed.epoch);
        require(time <= deadline, ReportLate(time, deadline));
        require(reportHash[filed.copyId][filed.epoch] == 0, ReportedBefore(filed.copyId, filed.epoch));
        require(filed.count > 0 && filed.receiptsRoot != 0, ReportEmpty());
        require(filed.units >= filed.count, UnitsBelowCount(filed.units, filed.count));
    }

    /// @return lockedNow Collateral that is locked for this fee and earlier ones.
    function _debit(CopyId id, uint256 fee, uint256 collateral, uint64 time) private returns (uint256 lockedNow) {
        Account memory account = _rolled(_accounts[id], time);
        uint256 lock = fee * FEE_COLLATERAL_FACTOR;
        lockedNow = lock + account.current + account.previous;
        require(account.escrow >= fee, EscrowTooLow(account.escrow, fee));
        require(lockedNow <= collateral, CollateralTooLow(collateral, lockedNow));

        // at most the escrow, which fits
        // forge-lint: disable-next-line(unsafe-typecast)
        account.escrow -= uint64(fee);
        account.current += lock.toUint64();
        _accounts[id] = account;
    }

    function _rolled(Account memory account, uint64 time) private view returns (Account memory) {
        if (time < account.rollsAt) return account;
        uint64 thaw = PROTOCOL.thaw();
        uint64 previous = time < account.rollsAt + thaw ? account.current : 0;
        // seconds, until the year 36812
        // forge-lint: disable-next-line(unsafe-typecast)
        return Account(account.escrow, 0, previous, uint40(time + thaw));
    }

    function _isOperator(CopyId id, address account, uint64 epoch) private view returns (bool) {
        KeyTerm memory term = _keyTerms[id][account];
        return term.until != 0 && term.from <= epoch && epoch <= term.until;
    }
}
