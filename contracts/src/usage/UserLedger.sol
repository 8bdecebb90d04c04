// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import { ICopyRegistry, Permit } from "../interfaces/ICopyRegistry.sol";
import { IProtocol } from "../interfaces/IProtocol.sol";
import { ITestUSD } from "../interfaces/ITestUSD.sol";
import { IUsageLedger } from "../interfaces/IUsageLedger.sol";
import { IUserLedger, Reservation, SessionKey, SignedVoucher } from "../interfaces/IUserLedger.sol";
import { Report } from "../lib/Receipts.sol";
import { CopyId } from "../lib/Types.sol";
import { Voucher, Vouchers } from "../lib/Vouchers.sol";
import { IERC20 } from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import { IERC20Permit } from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Permit.sol";
import { SafeERC20 } from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import { Multicall } from "@openzeppelin/contracts/utils/Multicall.sol";
import { ECDSA } from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import { EIP712 } from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import { Math } from "@openzeppelin/contracts/utils/math/Math.sol";
import { SafeCast } from "@openzeppelin/contracts/utils/math/SafeCast.sol";

/// @notice See `IUserLedger`.
contract UserLedger is EIP712, IUserLedger, Multicall {
    using SafeCast for uint256;
    using SafeERC20 for IERC20;

    /// @dev Beyond an epoch and a grace, the epochs that a host has to settle what it has reported.
    uint64 private constant SETTLE_EPOCHS = 2;

    IERC20 private immutable USD;
    IProtocol private immutable PROTOCOL;
    ICopyRegistry private immutable COPIES;
    IUsageLedger private immutable LEDGER;
    uint64 private immutable EPOCH_LENGTH;

    /// @inheritdoc IUserLedger
    mapping(address account => uint256) public balanceOf;
    /// @inheritdoc IUserLedger
    mapping(CopyId id => uint64) public settledUnits;

    mapping(CopyId id => mapping(address user => Reservation)) private _reservations;
    mapping(CopyId id => mapping(address user => mapping(address key => SessionKey))) private _keys;

    constructor(IERC20 usd, IProtocol protocol, ICopyRegistry copies, IUsageLedger ledger) EIP712("Kinmark", "1") {
        USD = usd;
        PROTOCOL = protocol;
        COPIES = copies;
        LEDGER = ledger;
        EPOCH_LENGTH = protocol.epochLength();

        usd.forceApprove(address(ledger), type(uint256).max);
    }

    /* DEPOSITS */

    /// @inheritdoc IUserLedger
    function deposit(uint64 amount) external {
        _deposit(msg.sender, amount);

        USD.safeTransferFrom(msg.sender, address(this), amount);
    }

    /// @inheritdoc IUserLedger
    function depositWithPermit(uint64 amount, Permit calldata permit) external {
        _deposit(msg.sender, amount);

        try IERC20Permit(address(USD))
            .permit(msg.sender, address(this), permit.value, permit.deadline, permit.v, permit.r, permit.s) { }
            catch { }
        USD.safeTransferFrom(msg.sender, address(this), amount);
    }

    /// @inheritdoc IUserLedger
    function depositWithAuthorization(
        address user,
        uint64 amount,
        uint256 validAfter,
        uint256 validBefore,
        bytes32 nonce,
        bytes calldata signature
    ) external {
        _deposit(user, amount);

        ITestUSD(address(USD))
            .receiveWithAuthorization(user, address(this), amount, validAfter, validBefore, nonce, signature);
    }

    /// @inheritdoc IUserLedger
    function withdraw(uint64 amount) external {
        uint256 left = _debit(msg.sender, amount);

        emit Withdrawn(msg.sender, amount, left);

        USD.safeTransfer(msg.sender, amount);
    }

    /* RESERVATIONS */

    /// @inheritdoc IUserLedger
    function reserve(CopyId id, uint64 amount) external {
        PROTOCOL.requireOpen();
        Reservation storage reservation = _reservations[id][msg.sender];
        require(COPIES.hostOf(id) != address(0), CopyUnknown(id));
        require(amount > 0, AmountMissing());

        _debit(msg.sender, amount);
        reservation.amount += amount;
        reservation.leavesAt = 0;
        emit Reserved(id, msg.sender, amount, reservation.amount);
    }

    /// @inheritdoc IUserLedger
    function nameKey(CopyId id, address key, uint64 expiresAt, uint64 maxAmount) external {
        SessionKey memory named = _keys[id][msg.sender][key];
        uint24 number = _reservations[id][msg.sender].number;
        uint64 time = PROTOCOL.time();
        require(key != address(0), KeyMissing());
        require(expiresAt > time, KeyExpired(time, expiresAt));
        require(
            named.number != number || (expiresAt >= named.expiresAt && maxAmount >= named.maxAmount),
            KeyNarrowed(key, named.expiresAt, named.maxAmount)
        );

        _keys[id][msg.sender][key] = SessionKey(expiresAt, maxAmount, number);
        emit KeyNamed(id, msg.sender, key, expiresAt, maxAmount);
    }

    /// @inheritdoc IUserLedger
    function requestRelease(CopyId id) external {
        Reservation storage reservation = _reservations[id][msg.sender];
        (uint64 time, uint64 grace,) = PROTOCOL.reporting(PROTOCOL.epoch());
        require(reservation.amount > 0, AmountMissing());

        uint64 leavesAt = time + (1 + SETTLE_EPOCHS) * EPOCH_LENGTH + grace;

        reservation.leavesAt = uint256(leavesAt).toUint40();
        emit ReleaseRequested(id, msg.sender, leavesAt);
    }

    /// @inheritdoc IUserLedger
    function release(CopyId id, address user) external returns (uint256 amount) {
        Reservation storage reservation = _reservations[id][user];
        uint64 leavesAt = reservation.leavesAt;
        uint64 time = PROTOCOL.time();
        require(leavesAt > 0, ReleaseNotRequested(id, user));
        require(time >= leavesAt, ReservationThawing(time, leavesAt));
        require(time <= leavesAt + EPOCH_LENGTH, RequestLapsed(time, leavesAt + EPOCH_LENGTH));

        amount = reservation.amount;

        (reservation.amount, reservation.leavesAt) = (0, 0);
        ++reservation.number;
        balanceOf[user] += amount;
        emit Released(id, user, amount);
    }

    /* SETTLING */

    /// @inheritdoc IUserLedger
    function settle(CopyId id, SignedVoucher[] calldata vouchers) external returns (uint256 total) {
        return _settle(id, vouchers);
    }

    /// @inheritdoc IUserLedger
    function reportAndSettle(Report calldata filed, SignedVoucher[] calldata vouchers)
        external
        returns (uint256 total)
    {
        LEDGER.reportFrom(filed, msg.sender);
        return _settle(filed.copyId, vouchers);
    }

    /* VIEWS */

    /// @inheritdoc IUserLedger
    function reservations(CopyId id, address user) external view returns (Reservation memory) {
        return _reservations[id][user];
    }

    /// @inheritdoc IUserLedger
    function sessionKeys(CopyId id, address user, address key) external view returns (SessionKey memory) {
        return _keys[id][user][key];
    }

    /// @inheritdoc IUserLedger
    function voucherDigest(CopyId id, address user, uint64 cumulativeUnits, uint64 cumulativeAmount)
        public
        view
        returns (bytes32)
    {
        return _hashTypedDataV4(Vouchers.hash(Voucher(id, user, cumulativeUnits, cumulativeAmount)));
    }

    /* INTERNAL */

    function _deposit(address user, uint64 amount) private {
        balanceOf[user] += amount;
        emit Deposited(user, msg.sender, amount, balanceOf[user]);
    }

    function _debit(address account, uint256 amount) private returns (uint256 left) {
        uint256 balance = balanceOf[account];
        require(amount <= balance, BalanceTooLow(account, balance, amount));

        left = balance - amount;
        balanceOf[account] = left;
    }

    function _settle(CopyId id, SignedVoucher[] calldata vouchers) private returns (uint256 total) {
        address host = COPIES.hostOf(id);
        uint64 before = settledUnits[id];
        require(msg.sender == host, NotHost(msg.sender, host));

        uint64 headroom = LEDGER.reportedUnits(id) - before;
        uint64 units;
        for (uint256 i; i < vouchers.length; ++i) {
            (uint64 released, uint64 amount) = _settleOne(id, vouchers[i], headroom - units);
            units += released;
            total += amount;
        }
        settledUnits[id] = before + units;
        uint256 fees = Math.min(LEDGER.owed(id), total);
        balanceOf[host] += total - fees;
        emit HostPaid(id, host, units, fees, total - fees);

        if (fees > 0) LEDGER.deposit(id, fees.toUint64());
    }

    /// @dev Settles as many units of a voucher as were reported and as the reservation pays for.
    function _settleOne(CopyId id, SignedVoucher calldata voucher, uint64 headroom)
        private
        returns (uint64 units, uint64 amount)
    {
        Reservation memory reservation = _reservations[id][voucher.user];
        _requireSigned(id, voucher, reservation.number);

        uint256 until = Math.min(voucher.cumulativeUnits, uint256(reservation.settledUnits) + headroom);
        if (voucher.cumulativeAmount > 0) {
            uint256 payable_ = uint256(reservation.settledAmount) + reservation.amount;
            until = Math.min(until, payable_ * voucher.cumulativeUnits / voucher.cumulativeAmount);
        }
        if (until <= reservation.settledUnits) return (0, 0);
        uint256 due = uint256(voucher.cumulativeAmount) * until / voucher.cumulativeUnits;
        // at most the voucher's units, and at most the reservation
        // forge-lint: disable-start(unsafe-typecast)
        units = uint64(until) - reservation.settledUnits;
        if (due > reservation.settledAmount) amount = uint64(due) - reservation.settledAmount;
        // forge-lint: disable-end(unsafe-typecast)

        reservation.amount -= amount;
        reservation.settledUnits += units;
        reservation.settledAmount += amount;
        _reservations[id][voucher.user] = reservation;
        emit Settled(id, voucher.user, units, amount);
    }

    function _requireSigned(CopyId id, SignedVoucher calldata voucher, uint24 number) private view {
        bytes32 digest = voucherDigest(id, voucher.user, voucher.cumulativeUnits, voucher.cumulativeAmount);
        address signer = ECDSA.recoverCalldata(digest, voucher.signature);
        if (signer == voucher.user) return;
        SessionKey memory key = _keys[id][voucher.user][signer];
        require(key.expiresAt > 0 && key.number == number, VoucherInvalid(id, voucher.user, signer));
        require(
            voucher.cumulativeAmount <= key.maxAmount,
            VoucherAboveLimit(signer, voucher.cumulativeAmount, key.maxAmount)
        );
    }
}
